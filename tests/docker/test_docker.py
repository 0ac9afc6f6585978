"""The files for production say what the code says, and hold no secrets."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points, requires
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import ckan
import ckanext.datastore
import ckanext.dcat
import ckanext.xloader
import pytest
import yaml
from ckan.config.environment import CONFIG_FROM_ENV_VARS
from packaging.requirements import Requirement

from stack import portal as stack_portal

from . import files
from .files import DOCKER, IMAGE, REPOSITORY, STACK

COMPOSE = files.compose()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BUILD, FINAL = files.stages()
PLUGINS = FINAL.environment["CKAN__PLUGINS"].split()
CKAN_PINS = {
    re.sub(r"[-_.]+", "-", Requirement(line).name).lower()
    for line in requires("ckan") or []
    if "extra" not in line or 'extra == "requirements"' in line
}
LOCK = IMAGE / "requirements.lock"
XLOADER_LOCK = IMAGE / "requirements-xloader.lock"
#: Comes with ckanext-envvars, which the base image has.
IN_BASE = {"ckantoolkit"}


def _pinned(path: Path) -> dict[str, str]:
    return {
        name: rest.removeprefix("==").partition(";")[0].strip()
        for name, rest in files.requirements(path).items()
        if rest.startswith("==")
    }


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


class TestVersions:
    """What the image is made of is what the tests run with."""

    TESTED = _pinned(STACK / "run.in")

    def test_base_image_is_the_tested_ckan(self):
        version = dict(rest.split("=", 1) for name, rest in files.instructions() if name == "ARG")
        assert version["CKAN_VERSION"] == _minor(self.TESTED["ckan"])

    @pytest.mark.parametrize("stage", files.stages(), ids=lambda stage: stage.name)
    def test_every_stage_stands_on_the_base_image(self, stage):
        assert stage.base == "ckan/ckan-base:${CKAN_VERSION}"

    def test_solr_image_is_the_tested_solr(self):
        lock = (REPOSITORY / "stack" / "solr" / "jars.lock").read_text(encoding="utf-8")
        major = re.findall(r"solr-core-(\d+)\.", lock)[0]
        expected = f"ckan/ckan-solr:{_minor(self.TESTED['ckan'])}-solr{major}"
        assert SERVICES["solr"]["image"] == expected

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_images_name_a_version(self, name):
        image = SERVICES[name]["image"]
        _, _, tag = re.sub(r"\$\{[A-Z_]+:-([^}]+)\}", r"\1", image).partition(":")
        assert tag
        assert "latest" not in tag

    @pytest.mark.parametrize("name", ["requirements.in", "requirements-xloader.in"])
    def test_requirements_are_the_tested_ones(self, name):
        wanted = files.requirements(IMAGE / name)
        overrides = files.requirements(STACK / "overrides.in")
        for package, version in wanted.items():
            if package in overrides:
                assert version == overrides[package]
            else:
                assert version == f"=={self.TESTED[package]}"

    @pytest.mark.parametrize("lock", [LOCK, XLOADER_LOCK], ids=lambda path: path.stem)
    def test_locks_hold_the_tested_files(self, lock):
        ours, tested = files.locked(lock), files.locked(STACK / "run.lock")
        assert ours
        for package, versions in ours.items():
            if package == "colorama":
                continue  # for Windows
            for version, digests in versions.items():
                assert digests, package
                assert version in tested[package], package
                assert digests <= tested[package][version], package

    @pytest.mark.parametrize("lock", [LOCK, XLOADER_LOCK], ids=lambda path: path.stem)
    def test_lock_has_what_its_source_asks_for(self, lock):
        assert set(files.requirements(lock.with_suffix(".in"))) <= set(_pinned(lock))

    def test_ckan_keeps_its_pins(self):
        allowed = files.script("check_image").MAY_CHANGE
        assert not CKAN_PINS & set(_pinned(LOCK))
        assert CKAN_PINS & set(_pinned(XLOADER_LOCK)) == allowed
        assert allowed <= set(files.requirements(STACK / "overrides.in"))

    @pytest.mark.parametrize("optional", [False, True], ids=["base", "xloader"])
    def test_locks_are_complete(self, optional):
        """Nothing is resolved in the build: every requirement is in a lock or in the image."""
        have = set(_pinned(LOCK)) | CKAN_PINS | IN_BASE
        have |= set(_pinned(XLOADER_LOCK)) if optional else set()
        roots = set(_pinned(XLOADER_LOCK if optional else LOCK)) - {"colorama"}
        environment = {"extra": ""}
        needed = {
            re.sub(r"[-_.]+", "-", requirement.name).lower(): package
            for package in roots
            for requirement in map(Requirement, requires(package) or [])
            if requirement.marker is None or requirement.marker.evaluate(environment)
        }
        missing = {name: package for name, package in needed.items() if name not in have}
        # Only where sys.version_info is below that of the image.
        assert set(missing) <= {"typing-extensions", "async-timeout", "exceptiongroup"}

    def test_locks_have_our_own_dependencies(self):
        have = set(_pinned(LOCK)) | CKAN_PINS
        own = [Requirement(line) for line in requires("ckanext-tangerang") or []]
        needed = {item.name.lower() for item in own if item.marker is None}
        extra = {item.name.lower() for item in own if item.marker is not None}
        assert needed
        assert needed <= have
        assert extra <= set(_pinned(XLOADER_LOCK))


class TestPlugins:
    """The list of plugins fits the code."""

    KNOWN: ClassVar = {entry.name: entry for entry in entry_points(group="ckan.plugins")}

    @pytest.mark.parametrize("name", [name for name in PLUGINS if name != "envvars"])
    def test_plugin_exists(self, name):
        distribution = self.KNOWN[name].dist
        assert distribution is not None
        assert distribution.name.lower() in {
            "ckan",
            "ckanext-tangerang",
            "ckanext-scheming",
            "ckanext-dcat",
            "ckanext-xloader",
        }

    def test_all_of_ours_but_the_demo(self):
        ours = {
            name
            for name, entry in self.KNOWN.items()
            if entry.dist is not None and entry.dist.name == "ckanext-tangerang"
        }
        assert {name for name in PLUGINS if name in ours} == ours - {"tangerang_demo"}

    def test_order_is_that_of_the_development_stack(self):
        left_out = {
            "tangerang_demo",  # sample content
            "tracking",  # needs a nightly command
        }
        expected = [name for name in stack_portal.PLUGINS if name not in left_out]
        assert [name for name in PLUGINS if name != "envvars"] == expected

    def test_partners_come_after_ours(self):
        for name in PLUGINS:
            if name.startswith("tangerang_"):
                for partner in self.KNOWN[name].load().partners:
                    assert PLUGINS.index(partner) > PLUGINS.index(name)

    def test_envvars_is_last(self):
        """CKAN configures from the last to the first: all others see the environment."""
        assert PLUGINS[-1] == "envvars"

    def test_profiles_of_the_catalogue_exist(self):
        profiles = FINAL.environment["CKANEXT__DCAT__RDF__PROFILES"].split()
        assert profiles
        assert set(profiles) <= {entry.name for entry in entry_points(group="ckan.rdf.profiles")}

    def test_build_without_xloader_checks_the_others(self):
        [step] = [rest for rest in FINAL.all("RUN") if "check_image.py" in rest]
        expression = re.search(r'CKAN__PLUGINS="(\$\{CKAN__PLUGINS%[^"]+)"', step)
        assert expression is not None
        shown = subprocess.run(
            ["sh", "-c", f'printf %s "{expression[1]}"'],
            env={"CKAN__PLUGINS": " ".join(PLUGINS)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert shown.split() == [name for name in PLUGINS if name != "xloader"]


def _declared() -> dict[str, Any]:
    """Return ``{option: default}`` of CKAN, the extensions in use and ours."""
    folders = [
        Path(ckan.__file__).parent / "config",
        *(Path(module.__path__[0]) for module in (ckanext.datastore, ckanext.xloader)),
        Path(ckanext.dcat.__path__[0]),
        REPOSITORY / "ckanext" / "tangerang",
    ]
    found = {}
    for folder in folders:
        for path in folder.rglob("config_declaration*.y*ml"):
            declaration = yaml.safe_load(path.read_text(encoding="utf-8"))
            for group in declaration["groups"]:
                for option in group["options"]:
                    found[option["key"]] = option.get("default")
    return found


DECLARED = _declared()

#: ckan.lib.uploader reads them for every kind of object; two kinds are declared.
UNDECLARED = {"ckan.upload.admin.types", "ckan.upload.admin.mimetypes"}

#: What the base image's scripts, the images or our own scripts read, and CKAN does not.
OF_CONTAINERS = {
    "CKAN_INI",
    "CKAN_BIND",
    "CKAN_DB",
    "CKAN_DB_USER",
    "CKAN_DB_PASSWORD",
    "CKAN_JWT_SECRET",
    "CKAN_SYSADMIN_NAME",
    "CKAN_SYSADMIN_EMAIL",
    "CKAN_SYSADMIN_PASSWORD",
}


def _option(variable: str) -> str:
    """Return the option that ckanext-envvars makes of ``variable``."""
    name = variable.removeprefix("CKAN___")
    return name if name in DECLARED else name.lower().replace("__", ".")


def _environments() -> dict[str, dict[str, str]]:
    """Return all variables by the file that sets them."""
    shell = (IMAGE / "environment.sh").read_text(encoding="utf-8")
    return {
        "Dockerfile": FINAL.environment,
        "compose.yaml": {
            name: str(value)
            for service in SERVICES.values()
            for name, value in (service.get("environment") or {}).items()
        },
        ".env.example": {name: value for name, (value, _) in files.example().items()},
        "environment.sh": dict.fromkeys(re.findall(r"\bCKAN(?:EXT)?_[A-Z0-9_]+", shell), ""),
    }


class TestVariables:
    """Environment variables are what the code reads."""

    @pytest.mark.parametrize(
        ("file", "variable"),
        [
            (file, variable)
            for file, variables in _environments().items()
            for variable in sorted(variables)
            if variable.startswith("CKAN")
        ],
    )
    def test_is_known(self, file, variable):
        name = variable.removesuffix("_FILE")
        assert (
            name in OF_CONTAINERS
            or name in CONFIG_FROM_ENV_VARS.values()
            or _option(name) in DECLARED.keys() | UNDECLARED
        ), f"{file}: nothing reads {variable}"

    @pytest.mark.parametrize(
        ("variable", "value"),
        [(name, value) for name, (value, is_set) in files.example().items() if not is_set],
    )
    def test_example_shows_the_default(self, variable, value):
        """A line that is taken out of its comment unchanged changes nothing."""
        defaults = files.compose_variables() | FINAL.environment
        theirs = DECLARED.get(_option(variable))
        if variable in defaults:
            assert value in {defaults[variable], ""}
        elif variable.startswith("CKANEXT__TANGERANG__"):
            assert value == str(theirs)

    @pytest.mark.parametrize("variable", sorted(files.compose_variables()))
    def test_example_explains(self, variable):
        text = (DOCKER / ".env.example").read_text(encoding="utf-8")
        assert variable in files.example()
        before = text[: re.search(rf"^#?{variable}=", text, re.MULTILINE).start()]
        paragraph = before.rsplit("\n\n", 1)[-1]
        assert re.search(r"^# \w", paragraph, re.MULTILINE)

    @pytest.mark.parametrize("page", ["docs/produksi.md", "docs/en/production.md"])
    def test_documentation_explains(self, page):
        text = (REPOSITORY / page).read_text(encoding="utf-8")
        assert [name for name in files.example() if f"`{name}`" not in text] == []

    def test_required_variables_fail_clearly(self):
        text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
        required = dict(re.findall(r"\$\{([A-Z_]+):\?([^}]*)\}", text))
        assert set(required) == {"CKAN_SITE_URL", "CKAN_SYSADMIN_NAME", "CKAN_SYSADMIN_EMAIL"}
        for name, message in required.items():
            assert message.startswith(f"set {name} in .env")
        # Set in the example, but to nothing: a copy that is not filled in does not start.
        example = files.example()
        assert {name for name, (_, is_set) in example.items() if is_set} == set(required)
        assert all(example[name] == ("", True) for name in required)

    def test_security_settings_are_those_of_the_development_stack(self, tmp_path):
        profile = SimpleNamespace(
            name="demo", root=tmp_path, secret=lambda _: "s", state=dict, harvests=False
        )
        addresses = dict.fromkeys(CONFIG_FROM_ENV_VARS.values(), "")
        wanted = stack_portal.settings(profile, addresses, "https://data.example.go.id")
        ours = {_option(name): value for name, value in FINAL.environment.items()}
        compared = [key for key in wanted if re.match(r"ckan\.(auth|upload|views)\.", key)]
        assert len(compared) > 10
        for key in compared:
            assert ours[key] == wanted[key]

    def test_ini_leaves_the_rest_to_the_environment(self):
        """CKAN's defaults, spelled out there, would hide those that our theme declares."""
        parser = configparser.RawConfigParser()
        parser.read(IMAGE / "ckan.ini", encoding="utf-8")
        own = set(parser["app:main"]) - set(parser.defaults())
        assert own == {"use", "secret_key", "ckan.plugins"}
        assert parser["app:main"]["secret_key"] == ""
        assert {"loggers", "handlers", "formatters"} <= set(parser.sections())


SECRET = re.compile(
    r"PASSWORD|SECRET(?!S_DIR)|TOKEN|_KEY$|_URI$|SQLALCHEMY_URL|DATASTORE_(WRITE|READ)_URL"
)


class TestSecrets:
    """No secret is in the files, the image or a plain variable."""

    @pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", ".env.example"])
    def test_no_secret_in(self, file):
        for name, value in _environments()[file].items():
            if name.endswith("_FILE"):
                assert value.startswith("/run/secrets/")
            elif SECRET.search(name):
                assert value == "", name

    def test_no_secret_as_build_argument(self):
        arguments = [rest for name, rest in files.instructions() if name == "ARG"]
        given = list(SERVICES["ckan"]["build"]["args"])
        assert arguments
        assert not [name for name in (*arguments, *given) if SECRET.search(name)]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_mounted_secrets_are_the_ones_that_are_read(self, name):
        service = SERVICES[name]
        read = {
            value.removeprefix("/run/secrets/")
            for value in map(str, (service.get("environment") or {}).values())
            if value.startswith("/run/secrets/")
        }
        assert set(service.get("secrets") or []) == read
        assert read <= set(COMPOSE["secrets"])

    def test_only_the_first_start_knows_the_first_password(self):
        assert "ckan_sysadmin_password" in SERVICES["ckan"]["secrets"]
        assert "ckan_sysadmin_password" not in SERVICES["ckan-worker"]["secrets"]
        last = max((IMAGE / "docker-entrypoint.d").iterdir())
        assert "unset CKAN_SYSADMIN_PASSWORD" in last.read_text(encoding="utf-8")

    def test_make_secrets_makes_all_of_them_once(self, tmp_path):
        folder = tmp_path / "with space"
        command = [str(DOCKER / "make-secrets.sh"), str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        made = {path.name: path.read_text() for path in folder.iterdir()}
        assert set(made) == {Path(item["file"]).name for item in COMPOSE["secrets"].values()}
        assert set(made) == set(COMPOSE["secrets"])
        assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in made.values())
        assert len(set(made.values())) == len(made)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
        subprocess.run(command, check=True, capture_output=True)
        assert {path.name: path.read_text() for path in folder.iterdir()} == made

    @pytest.mark.parametrize("path", ["docker/.env", "docker/secrets/ckan_secret_key"])
    def test_git_ignores(self, path):
        if not (REPOSITORY / ".git").exists():
            pytest.skip("not a git checkout")
        check = subprocess.run(["git", "check-ignore", "-q", path], cwd=REPOSITORY, check=False)
        assert check.returncode == 0

    def test_build_context_has_only_what_is_named(self):
        lines = (IMAGE / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        patterns = [line for line in lines if line and not line.startswith("#")]
        assert patterns[0] == "*"
        allowed = [line[1:] for line in patterns if line.startswith("!")]
        assert not [path for path in allowed if path in {"docker", "docker/secrets", "."}]
        sources = {path for stage in (BUILD, FINAL) for paths, _ in stage.copied for path in paths}
        assert sources
        for source in sources:
            assert any(source == path or source.startswith(f"{path}/") for path in allowed), source
            assert list(REPOSITORY.glob(source)), f"COPY {source}: there is no such file"


class TestContainers:
    """The containers run with few rights and say how they are."""

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_hardening(self, name):
        service = SERVICES[name]
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["restart"] == "unless-stopped"
        assert not service.get("privileged")
        assert service["logging"]["options"]["max-size"]
        # Solr's start scripts write into their own folder.
        assert service.get("read_only", False) is (name != "solr")

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_runs_as_an_ordinary_user(self, name):
        assert str(SERVICES[name]["user"]).split(":")[0] not in {"root", "0"}

    def test_image_runs_as_an_ordinary_user(self):
        assert "USER" not in dict(BUILD.instructions)
        user = FINAL.all("USER")[-1]
        # By number, so that Kubernetes can see that it is not root.
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
        after = FINAL.instructions[FINAL.instructions.index(("USER", user)) :]
        assert not [rest for name, rest in after if name in {"RUN", "COPY", "ADD"}]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_health_check(self, name):
        check = SERVICES[name]["healthcheck"]
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout", "retries"} <= set(check)

    def test_health_check_of_the_image(self):
        [image] = FINAL.all("HEALTHCHECK")
        check = " ".join(SERVICES["ckan"]["healthcheck"]["test"])
        assert "curl" in check
        assert "/api/3/action/status_show" in check
        # The base image has no wget.
        assert "wget" not in image + check + " ".join(
            SERVICES["ckan-worker"]["healthcheck"]["test"]
        )

    def test_database_is_not_healthy_while_it_is_made(self):
        assert "--host=127.0.0.1" in SERVICES["db"]["healthcheck"]["test"]

    def test_start_order(self):
        def waits_for(name: str) -> set[str]:
            conditions = SERVICES[name]["depends_on"]
            assert {item["condition"] for item in conditions.values()} == {"service_healthy"}
            return set(conditions)

        assert waits_for("ckan") == {"db", "solr", "redis"}
        assert waits_for("ckan-worker") == {"ckan"}

    def test_worker_is_the_same_image(self):
        assert SERVICES["ckan-worker"]["image"] == SERVICES["ckan"]["image"]
        assert SERVICES["ckan-worker"]["command"] == ["ckan", "jobs", "worker"]
        assert "build" not in SERVICES["ckan-worker"]

    def test_build_context_is_the_repository(self):
        build = SERVICES["ckan"]["build"]
        assert (DOCKER / build["context"]).resolve() == REPOSITORY
        assert (REPOSITORY / build["dockerfile"]).is_file()

    @pytest.mark.parametrize("name", ["db", "redis", "solr"])
    def test_services_are_out_of_reach(self, name):
        assert SERVICES[name]["networks"] == ["backend"]
        assert COMPOSE["networks"]["backend"]["internal"] is True
        assert "ports" not in SERVICES[name]

    def test_only_the_portal_listens_and_only_here(self):
        listening = {name: item["ports"] for name, item in SERVICES.items() if "ports" in item}
        assert listening == {"ckan": ["${CKAN_BIND:-127.0.0.1:5000}:5000"]}

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_data_is_in_named_volumes(self, name):
        mounts = SERVICES[name]["volumes"]
        named = {mount.split(":")[0] for mount in mounts if not mount.startswith((".", "/"))}
        assert len(named) == 1
        assert named <= set(COMPOSE["volumes"])

    def test_temporary_files_are_not_in_memory(self):
        for name in ("ckan", "ckan-worker"):
            assert "/tmp" in SERVICES[name]["volumes"]  # noqa: S108 - the container's own

    def test_files_of_the_image_are_in_it(self):
        """Whatever is run from /opt/tangerang is copied there."""
        copied = {
            f"/opt/tangerang/{Path(path).name}"
            for paths, target in FINAL.copied
            for path in paths
            if target == "/opt/tangerang/"
        } | {"/opt/tangerang/bin"}
        texts = [path.read_text(encoding="utf-8") for path in files.shell_scripts()]
        texts += [(DOCKER / "compose.yaml").read_text(encoding="utf-8")]
        texts += [rest for _, rest in FINAL.instructions]
        used = set(re.findall(r"/opt/tangerang/[a-z_]+(?:\.[a-z]+)?", " ".join(texts)))
        assert used
        assert used <= copied
        assert FINAL.environment["PATH"].startswith("/opt/tangerang/bin:")
        assert "docker/ckan/docker-entrypoint.d" in [paths[0] for paths, _ in FINAL.copied]

    def test_tools_that_are_not_on_every_machine(self):
        """What the linters and clients say, where they are."""
        hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}") or shutil.which(
            "hadolint"
        )
        if hadolint is None:
            pytest.skip("hadolint is not installed")
        command = [hadolint, "--failure-threshold", "info", str(IMAGE / "Dockerfile")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout

    def test_compose_accepts_the_file(self, tmp_path):
        docker = shutil.which("docker")
        probe = [str(docker), "compose", "version"]
        if docker is None or subprocess.run(probe, capture_output=True, check=False).returncode:
            pytest.skip("there is no docker compose")
        folder = tmp_path / "docker"
        shutil.copytree(DOCKER, folder, ignore=shutil.ignore_patterns("secrets", ".env"))
        example = (folder / ".env.example").read_text(encoding="utf-8")
        command = [docker, "compose", "--project-directory", str(folder), "config", "--quiet"]
        # The addresses of the test services would win over the file.
        own = {name: value for name, value in os.environ.items() if not name.startswith("CKAN")}

        def config(content: str) -> subprocess.CompletedProcess[str]:
            (folder / ".env").write_text(content, encoding="utf-8")
            return subprocess.run(
                command, capture_output=True, text=True, check=False, cwd=folder, env=own
            )

        refused = config(example)
        assert refused.returncode != 0
        # It names one of those that are missing.
        assert re.search(r"set CKAN_S(ITE_URL|YSADMIN_NAME|YSADMIN_EMAIL) in \.env", refused.stderr)
        accepted = config(re.sub(r"^(CKAN_S\w+)=$", r"\1=x", example, flags=re.MULTILINE))
        assert accepted.returncode == 0, accepted.stderr
