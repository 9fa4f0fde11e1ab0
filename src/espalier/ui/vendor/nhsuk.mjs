// The components of nhsuk-frontend that Espalier uses. Starting them is left to app.js, because
// a fragment that htmx swaps in must be started too, and only the fragment.
import { createAll } from "nhsuk-frontend/dist/nhsuk/index.mjs";
import { Button } from "nhsuk-frontend/dist/nhsuk/components/button/button.mjs";
import { Checkboxes } from "nhsuk-frontend/dist/nhsuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs";
import { FileUpload } from "nhsuk-frontend/dist/nhsuk/components/file-upload/file-upload.mjs";
import { NotificationBanner } from "nhsuk-frontend/dist/nhsuk/components/notification-banner/notification-banner.mjs";
import { Radios } from "nhsuk-frontend/dist/nhsuk/components/radios/radios.mjs";
import { SkipLink } from "nhsuk-frontend/dist/nhsuk/components/skip-link/skip-link.mjs";

const USED = [Button, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, Radios, SkipLink];

export function startAll(scope) {
  for (const Component of USED) {
    // A component that has started already reports it as an error: after a swap that is expected.
    createAll(Component, undefined, {
      scope,
      onError: (error) => {
        if (error.name !== "InitError") console.error(error);
      },
    });
  }
}
