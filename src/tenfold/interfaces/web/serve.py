"""``tenfold web``: a server for one person at one machine, and the address to open."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from tenfold.interfaces.web.guard import door
from tenfold.quantities import InputError, Problem


def serve(
    *, host: str, port: int, token: str, overlays: tuple[Path, ...], said: Callable[[str], None], browser: bool
) -> None:
    """Serve until stopped. ``said`` is told the address with its token once it answers.

    Raises ``InputError`` where the port is taken.
    """
    import uvicorn

    from tenfold.interfaces.web.app import make_app
    from tenfold.interfaces.web.lanes import Settings

    listening = _listen(host, port)
    bound = int(listening.getsockname()[1])
    made = door(bound, host, token)
    shown = f"[{host}]" if ":" in host else "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    address = f"http://{shown}:{bound}/?token={made.token}"
    app = make_app(Settings(door=made, overlays=overlays))
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )

    class Telling(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            said(address)
            if browser:
                import webbrowser

                webbrowser.open(address)

    Telling(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as trouble:
        listening.close()
        wrong = f"{host}:{port} cannot be listened at ({getattr(trouble, 'strerror', None) or trouble})"
        raise InputError(Problem(file="--port", key="", wrong=wrong, remedy="Name another port")) from None
    return listening
