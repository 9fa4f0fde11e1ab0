"""Staff systems that call: what tests of this folder send with."""

import json

from django.contrib.auth import get_user_model
from django.test import Client

from espalier.access import connections
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import Viewer
from espalier.organisations import queries as organisations

ROOT = "/scim/v2"


class Calls:
    """One staff system: it sends with its token, and reads JSON."""

    def __init__(self, secret):
        self.secret, self.client = secret, Client(headers={"authorization": f"Bearer {secret}"})

    def send(self, method, path, body=None, *, raw=None, kind="application/scim+json", **headers):
        content = raw if raw is not None else json.dumps(body) if body is not None else ""
        return self.client.generic(method, ROOT + path, content, content_type=kind, headers=headers)

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def add(self, path="/Users", **facts):
        answer = self.send("POST", path, facts)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def patch(self, path, *operations, **headers):
        return self.send("PATCH", path, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}, **headers)


def viewer(username):
    return viewer_of(get_user_model().objects.get(username=username))


def connected(code, at):
    """A connection of an organisation; made as the house itself, because who may make one is tried elsewhere."""
    from espalier.access.actions import system_viewer

    unit = organisations.unit(viewer=Viewer(), code=code)
    secret = connections.new_secret()
    with acting_as(system_viewer()) as house:
        connections.make(actor=house, at=at, owner_id=unit.pk, name=f"Entra of {code}", secret=secret)
    return Calls(secret)
