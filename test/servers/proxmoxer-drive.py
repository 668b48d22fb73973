"""Drives Debian's proxmoxer, unchanged, against a Proxmox VE endpoint and prints what it saw as one JSON object.

    proxmoxer-drive.py < settings.json

The settings: port, ca (file), password, token {user, name, value}, reader (likewise), and what to move:
vm {node, id, target}, container {node, id, target}. Besides, calls that are refused: cases [{name, port, ca,
credentials, method, path, values, withBody, auth}]; auth is what the login is made to hold instead, null for none.
"""

import json
import sys
import time

from proxmoxer import ProxmoxAPI
from proxmoxer.core import ResourceException
from proxmoxer.backends.https import AuthenticationError, Backend


def main():
    settings = json.load(sys.stdin)
    api = by_token(settings, settings["token"])
    seen = {
        "login": logins(settings),
        "read": read(api, settings),
        "refusals": {case["name"]: provoke(case) for case in settings["cases"]},
        "moves": {
            "vm": move(api, "qemu", settings["vm"], online=1),
            "container": move(api, "lxc", settings["container"], restart=1),
        },
    }
    json.dump(seen, sys.stdout)


def by_password(settings, password):
    return ProxmoxAPI(
        "127.0.0.1", port=settings["port"], user="root@pam", password=password, verify_ssl=settings["ca"]
    )


def by_token(settings, token):
    return ProxmoxAPI(
        "127.0.0.1",
        port=settings["port"],
        user=token["user"],
        token_name=token["name"],
        token_value=token["value"],
        verify_ssl=settings["ca"],
    )


def logins(settings):
    stranger = dict(settings["token"], value=settings["reader"]["value"])
    return {
        "password": by_password(settings, settings["password"]).version.get()["release"],
        "wrong_password": failure(lambda: by_password(settings, "wrong password")),
        "token": by_token(settings, settings["token"]).version.get()["release"],
        "wrong_token": failure(lambda: by_token(settings, stranger).version.get()),
    }


def read(api, settings):
    vm = settings["vm"]
    return {
        "nodes": sorted(f"{node['node']} {node['status']}" for node in api.nodes.get()),
        "guests": len(api.cluster.resources.get(type="vm")),
        "cluster": sorted(entry["name"] for entry in api.cluster.status.get()),
        "config": api.nodes(vm["node"]).qemu(vm["id"]).config.get()["name"],
        "allowed": sorted(api.nodes(vm["node"]).qemu(vm["id"]).migrate.get()["allowed_nodes"]),
        "privileges": sorted(by_token(settings, settings["reader"]).access.permissions.get()["/"]),
    }


def provoke(case):
    """What one call is refused with."""
    options = dict(case["credentials"], port=case["port"], verify_ssl=case["ca"])
    values = case.get("values", {})
    if "auth" in case or "withBody" in case or case["method"] == "HEAD":
        return provoke_by_session(case, options, values)

    def run():
        resource = ProxmoxAPI("127.0.0.1", **options)(case["path"].strip("/"))
        getattr(resource, case["method"].lower())(**values)

    return failure(run)


def provoke_by_session(case, options, values):
    """The same without the tree of resources, which keeps its login to itself and knows four methods only."""
    backend = Backend("127.0.0.1", **options)
    session = backend.get_session()
    if "auth" in case and case["auth"] is None:
        session.auth = None
    for name, value in (case.get("auth") or {}).items():
        setattr(session.auth, name, value)
    answer = session.request(case["method"], backend.get_base_url() + case["path"], data=values)
    return {"status": answer.status_code, "reason": answer.reason, "errors": answer.text}


def move(api, kind, what, **options):
    node = api.nodes(what["node"])
    guest = node.qemu(what["id"]) if kind == "qemu" else node.lxc(what["id"])
    upid = guest.migrate.post(target=what["target"], **options)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        status = node.tasks(upid).status.get()
        if status["status"] == "stopped":
            last = node.tasks(upid).log.get(limit=500)[-1]["t"]
            return {"type": status["type"], "exitstatus": status["exitstatus"], "last": last}
        time.sleep(0.05)
    return {"exitstatus": "never ended"}


def failure(run):
    """What a call fails with: status and text of a refusal, or the words of the client."""
    try:
        run()
    except ResourceException as error:
        # Answers without a body arrive as bytes.
        errors = error.errors.decode() if isinstance(error.errors, bytes) else error.errors
        return {"status": error.status_code, "reason": error.content, "errors": errors}
    except AuthenticationError as error:
        return {"reason": str(error)}
    return None


main()
