"""Tells public network addresses from those of this machine and its networks.

A link in a text may lead to a router, a database or a cloud's metadata service, which trust their
own network; the link check must not send requests there (SSRF).  The source is IANA's registries
of special addresses of IPv4 and IPv6.  Python's treatment of IPv4 addresses within IPv6 has
changed between versions, so this module unpacks them itself.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address

_UNICAST, _NAT64, _6TO4 = map(IPv6Network, ("2000::/3", "64:ff9b::/96", "2002::/16"))


def is_public(address: str) -> bool:
    """Whether an address, as the resolver writes it, belongs to the public network."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return _is_public4(ip)
    if ip.ipv4_mapped:
        return _is_public4(ip.ipv4_mapped)
    if ip in _NAT64:
        return _is_public4(IPv4Address(int(ip) & 0xFFFF_FFFF))
    if ip in _6TO4:
        return _is_public4(IPv4Address(int(ip) >> 80 & 0xFFFF_FFFF))
    return ip in _UNICAST and ip.is_global


def _is_public4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast
