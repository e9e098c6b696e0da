"""The capture client: asyncio straight on the socket, every exchange kept byte for byte."""

from archive.addresses import AddressPolicy
from crawler.client.client import CaptureClient, ClientOptions
from crawler.client.request import CaptureRequest

__all__ = ["AddressPolicy", "CaptureClient", "CaptureRequest", "ClientOptions"]
