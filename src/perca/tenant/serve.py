"""An embedded tenant on a socket of this machine, for clients that want an address.

Promises to listen on the loopback interface only, and to be ready to answer when `started` is called.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from perca.errors import BadInput

HOST = "127.0.0.1"


def listen(port: int = 0) -> socket.socket:
    """A socket that listens on the loopback interface; port 0 takes any free one. BadInput when it is taken."""
    # The protocol is named because asyncio turns Nagle off only on sockets that say it: 40 ms a request otherwise.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise BadInput(f"port {port} can't be used: {error}", "name another with --port") from error
    listener.listen(128)
    return listener


def server(app: Any, *, started: Callable[[], None] | None = None) -> uvicorn.Server:
    """A server for the app, to be run with `serve` of it or of this module; ends on its `should_exit`."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", server_header=False)
    made = uvicorn.Server(config)
    if started is not None:
        startup = made.startup

        async def then_say(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets=sockets)
            started()

        made.startup = then_say  # type: ignore[method-assign]  # uvicorn has no hook for "ready"
    return made


def serve(app: Any, *, port: int = 0, started: Callable[[str], None] | None = None) -> None:
    """Serves the app until interrupted; `started` is told the address once it is listened to."""
    listener = listen(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    with contextlib.closing(listener), contextlib.suppress(KeyboardInterrupt):
        server(app, started=(lambda: started(address)) if started else None).run(sockets=[listener])
