"""The capture client: asyncio straight on the socket, every exchange kept byte for byte."""

from broadsheet.archive.addresses import AddressPolicy
from broadsheet.crawler.client.client import CaptureClient, ClientOptions
from broadsheet.crawler.client.request import CaptureRequest

__all__ = ["AddressPolicy", "CaptureClient", "CaptureRequest", "ClientOptions"]
