"""Puts `theme/` and `mkdocs.yml` into the package, where an installed program finds them.

They stay at the top of the repository, and an editable install uses them there.  All else that
setuptools needs to know stands in `pyproject.toml`.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build import build
from setuptools.command.build_py import build_py


class BuildElsewhere(build):
    """Builds in a folder of its own: `build/` is the work folder of a site."""

    def initialize_options(self) -> None:
        """Names the folder, unless an option does."""
        super().initialize_options()
        self.build_base = ".packaging"


class BuildWithTheme(build_py):
    """Builds the package with the theme in it."""

    def run(self) -> None:
        """Copies the modules, then what lies beside the package; nothing stays from before."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            shipped = Path(self.build_lib, "generator", "shipped")
            self.mkpath(str(shipped))
            self.copy_tree("theme", str(shipped / "theme"))
            self.copy_file("mkdocs.yml", str(shipped))


setup(cmdclass={"build": BuildElsewhere, "build_py": BuildWithTheme})
