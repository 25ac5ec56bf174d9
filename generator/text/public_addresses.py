"""Which network addresses are anybody's: not this machine's, nor those of the networks it is in.

A link that an editor was handed may lead to a router, a database or a cloud's own services,
which answer whoever is near; asking must not reach them.  The registries are IANA's, of special
addresses of IPv4 and IPv6; Python's own judgement of addresses within addresses has changed
between its versions, so these are taken apart here.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address

_UNICAST, _NAT64, _6TO4 = map(IPv6Network, ("2000::/3", "64:ff9b::/96", "2002::/16"))


def is_public(address: str) -> bool:
    """Whether an address, as the resolver writes it, is one of the public network."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return _is_public4(found)
    if found.ipv4_mapped:
        return _is_public4(found.ipv4_mapped)
    if found in _NAT64:
        return _is_public4(IPv4Address(int(found) & 0xFFFF_FFFF))
    if found in _6TO4:
        return _is_public4(IPv4Address(int(found) >> 80 & 0xFFFF_FFFF))
    return found in _UNICAST and found.is_global


def _is_public4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast
