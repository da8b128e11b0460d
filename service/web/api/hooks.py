"""The API's calls for hooks: programs that are told what happens,
and portals that push their news in.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, RootModel

from service.newsroom import Newsroom
from service.newsroom.values import (
    Delivery,
    DeliveryState,
    Hook,
    HookEvent,
    KeyScope,
    NewHook,
    NewPush,
    Push,
    Role,
)
from service.web.api.calls import add_calls, call
from service.web.api.paths import allowed
from service.web.inputs import Number, Strict
from service.web.site import Site


class HookPath(BaseModel):
    """A hook's number."""

    hook_id: Number


class PushPath(BaseModel):
    """The number of a portal that pushes."""

    push_id: Number


class HookIn(Strict):
    """Where a program is told what happens."""

    name: str
    url: str = Field(description="https; POSTs signed by Standard Webhooks")
    events: list[HookEvent]
    stations: list[str] = Field(default_factory=list, description="slugs; empty: all")


class HookOut(HookIn):
    """A hook as it stands."""

    id: int
    active: bool
    trouble: str = Field(
        description="why the last telling was not taken; empty when it was"
    )
    created_at: datetime


class SignedHookOut(HookOut):
    """A hook with its secret, which is told this once."""

    secret: str


class HooksOut(RootModel[list[HookOut]]):
    """All hooks."""


class DeliveryOut(BaseModel):
    """One telling."""

    id: str = Field(description="the webhook-id")
    event: HookEvent
    made_at: datetime
    state: DeliveryState
    tries: int
    told_at: datetime | None
    answer: str


class DeliveriesOut(RootModel[list[DeliveryOut]]):
    """What a hook was told, the newest first."""


class PushIn(Strict):
    """A portal that pushes its news in."""

    name: str = Field(description="as it stands in the address that the portal calls")
    stations: list[str] = Field(description="slugs, the home first")
    topic: str = Field("", description="for all its news; empty: the article's own")
    trusted: bool = Field(
        False,
        description="may its news go on the air by a station's rule, when nothing is doubted?",
    )
    fields: dict[str, str] = Field(
        default_factory=dict,
        description="by our name of a field, its path in what the portal sends: data.tieu_de",
    )


class PushOut(PushIn):
    """A portal that pushes, as it stands."""

    id: int
    address: str = Field(description="where it POSTs, signed by Standard Webhooks")
    trouble: str = Field(
        description="why its last call was refused; empty when it was taken"
    )
    called_at: datetime | None
    created_at: datetime


class SignedPushOut(PushOut):
    """The same with its secret, which is told this once."""

    secret: str


class PushesOut(RootModel[list[PushOut]]):
    """All portals that push."""


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    out = Tag(name="hooks", description="what programs are told")
    add_calls(api, out, _HookCalls(newsroom), KeyScope.HOOKS)
    into = Tag(name="pushes", description="news that portals push")
    add_calls(api, into, _Pushes(newsroom, site), KeyScope.HOOKS)


@dataclass(frozen=True)
class _HookCalls:
    """Hooks out."""

    newsroom: Newsroom

    @call("GET", "/hooks", responses={200: HooksOut}, summary="All hooks")
    @allowed(Role.ADMIN)
    def get_hooks(self) -> Response:
        return jsonify([_hook(hook) for hook in self.newsroom.hooks.all()])

    @call("POST", "/hooks", responses={201: SignedHookOut}, summary="Add a hook")
    @allowed(Role.ADMIN)
    def post_hook(self, body: HookIn) -> tuple[Response, int]:
        hook, secret = self.newsroom.hooks.add(_new_hook(body), g.who)
        return jsonify(_hook(hook) | {"secret": secret}), 201

    @call(
        "PUT",
        "/hooks/<int:hook_id>",
        responses={200: HookOut},
        summary="Describe a hook anew",
    )
    @allowed(Role.ADMIN)
    def put_hook(self, path: HookPath, body: HookIn) -> Response:
        return jsonify(
            _hook(self.newsroom.hooks.change(path.hook_id, _new_hook(body), g.who))
        )

    @call(
        "DELETE",
        "/hooks/<int:hook_id>",
        responses={200: HookOut},
        summary="Forget a hook",
    )
    @allowed(Role.ADMIN)
    def delete_hook(self, path: HookPath) -> Response:
        """It answers with the hook as it was."""
        return jsonify(_hook(self.newsroom.hooks.remove(path.hook_id, g.who)))

    @call(
        "POST",
        "/hooks/<int:hook_id>/secret",
        responses={200: SignedHookOut},
        summary="Another secret",
    )
    @allowed(Role.ADMIN)
    def post_hook_secret(self, path: HookPath) -> Response:
        secret = self.newsroom.hooks.renew(path.hook_id, g.who)
        return jsonify(
            _hook(self.newsroom.hooks.get(path.hook_id)) | {"secret": secret}
        )

    @call(
        "POST",
        "/hooks/<int:hook_id>/test",
        responses={202: HookOut},
        summary="Tell a hook of nothing, to see whether it arrives",
    )
    @allowed(Role.ADMIN)
    def post_hook_test(self, path: HookPath) -> tuple[Response, int]:
        self.newsroom.hooks.test(path.hook_id, g.who)
        return jsonify(_hook(self.newsroom.hooks.get(path.hook_id))), 202

    @call(
        "GET",
        "/hooks/<int:hook_id>/deliveries",
        responses={200: DeliveriesOut},
        summary="What a hook was told, and what it answered",
    )
    @allowed(Role.ADMIN)
    def get_deliveries(self, path: HookPath) -> Response:
        self.newsroom.hooks.get(path.hook_id)
        told = self.newsroom.hooks.deliveries(path.hook_id)
        return jsonify([_delivery(delivery) for delivery in told])


@dataclass(frozen=True)
class _Pushes:
    """Hooks in."""

    newsroom: Newsroom
    site: Site

    @call("GET", "/pushes", responses={200: PushesOut}, summary="All portals that push")
    @allowed(Role.ADMIN)
    def get_pushes(self) -> Response:
        return jsonify([self._shown(push) for push in self.newsroom.pushes.all()])

    @call(
        "POST", "/pushes", responses={201: SignedPushOut}, summary="Let a portal push"
    )
    @allowed(Role.ADMIN)
    def post_push(self, body: PushIn) -> tuple[Response, int]:
        values = body.model_dump() | {"stations": tuple(body.stations)}
        push = self.newsroom.pushes.add(NewPush(**values), g.who)
        return jsonify(self._shown(push) | {"secret": push.secret}), 201

    @call(
        "POST",
        "/pushes/<int:push_id>/secret",
        responses={200: SignedPushOut},
        summary="Another secret for a portal that pushes",
    )
    @allowed(Role.ADMIN)
    def post_push_secret(self, path: PushPath) -> Response:
        push = self.newsroom.pushes.renew(path.push_id, g.who)
        return jsonify(self._shown(push) | {"secret": push.secret})

    @call(
        "DELETE",
        "/pushes/<int:push_id>",
        responses={200: PushOut},
        summary="Let a portal push no more; its articles stay",
    )
    @allowed(Role.ADMIN)
    def delete_push(self, path: PushPath) -> Response:
        """It answers with it as it was."""
        return jsonify(self._shown(self.newsroom.pushes.remove(path.push_id, g.who)))

    def _shown(self, push: Push) -> dict[str, object]:
        settings = push.settings
        shown = PushOut(
            id=push.id,
            name=settings.name,
            stations=list(settings.stations),
            topic=settings.topic,
            trusted=settings.trusted,
            fields=dict(settings.fields),
            address=f"{self.site.public_url}/hooks/{settings.name}",
            trouble=push.trouble,
            called_at=push.called_at,
            created_at=push.created_at,
        )
        return shown.model_dump(mode="json")


def _new_hook(body: HookIn) -> NewHook:
    return NewHook(body.name, body.url, tuple(body.events), tuple(body.stations))


def _hook(hook: Hook) -> dict[str, object]:
    settings = hook.settings
    shown = HookOut(
        id=hook.id,
        name=settings.name,
        url=settings.url,
        events=list(settings.events),
        stations=list(settings.stations),
        active=hook.active,
        trouble=hook.trouble,
        created_at=hook.created_at,
    )
    return shown.model_dump(mode="json")


def _delivery(delivery: Delivery) -> dict[str, object]:
    shown = DeliveryOut(
        id=delivery.message,
        event=delivery.event,
        made_at=delivery.made_at,
        state=delivery.state,
        tries=delivery.tries,
        told_at=delivery.told_at,
        answer=delivery.answer,
    )
    return shown.model_dump(mode="json")
