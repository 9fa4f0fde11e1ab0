// Asks the browser for a passkey, or for a new one. The page says what to do where there is no script or no passkey.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function make(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  return answer(made, { attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() || [] });
}

async function find(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = found.response;
  return answer(found, { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null });
}

function answer(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const say = form.querySelector("[data-passkey-says]");
  if (!window.PublicKeyCredential) {
    say.textContent = "This browser cannot use passkeys here. Use another way.";
    continue;
  }
  say.textContent = "";
  form.querySelector("[data-passkey-go]").hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    say.textContent = "Waiting for your device…";
    try {
      const options = JSON.parse(form.dataset.options);
      form.elements.credential.value = JSON.stringify(await (form.dataset.passkey === "make" ? make(options) : find(options)));
      form.submit();
    } catch {
      say.textContent = "Nothing came back from your device. Try again, or use another way.";
    }
  });
}
