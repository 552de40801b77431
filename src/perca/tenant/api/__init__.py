"""Microsoft Graph as the embedded tenant speaks it: requests to answers, and the ASGI app around them."""
