from __future__ import annotations

from django.urls import path

from espalier.site.views import signing, signing_account, signing_joining

urlpatterns = [
    path("sign-in/email/", signing.email, name="sign-in-email"),
    path("sign-in/link/<str:token>/", signing.link, name="sign-in-link"),
    path("sign-in/passkey/", signing.passkey, name="sign-in-passkey"),
    path("sign-in/pin/", signing.pin, name="sign-in-pin"),
    path("sign-in/typed/", signing.typed, name="typed"),
    path("sign-in/with/<slug:provider_id>/", signing.provider, name="sign-in-with"),
    path("join/words/", signing_joining.words, name="join-words"),
    path("join/welcome/", signing_joining.welcome, name="join-welcome"),
    path("join/organisation/", signing_joining.ask, name="join-ask"),
    path("account/", signing_account.account, name="account"),
    path("account/second-step/", signing_account.second_step, name="second-step"),
    path("account/second-step/app/", signing_account.app, name="second-step-app"),
    path("account/second-step/codes/", signing_account.spare_codes, name="spare-codes"),
    path("account/passkeys/add/", signing_account.add_passkey, name="add-passkey"),
    path("account/keys/<int:pk>/", signing_account.change_key, name="change-key"),
    path("account/pin/", signing_account.pin, name="pin"),
    path("account/sessions/end/", signing_account.end_session, name="end-sessions"),
    path("account/sessions/<int:pk>/end/", signing_account.end_session, name="end-session"),
    path("admin-tools/locked/", signing_account.locked, name="locked"),
    path("admin-tools/joining/", signing_joining.waiting, name="joining"),
    path("admin-tools/joining/<int:pk>/", signing_joining.answer, name="joining-answer"),
    path("units/<str:code>/invitations/", signing_joining.invitations, name="invitations"),
    path("units/<str:code>/invitations/<int:pk>/stop/", signing_joining.stop_invitation, name="stop-invitation"),
]
