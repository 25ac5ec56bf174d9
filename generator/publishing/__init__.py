"""From finished bytes to a site that readers see: volumes, releases, one rename, verification."""
