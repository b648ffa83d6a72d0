# shellcheck shell=bash
# Sourced by the scripts beside it: how they speak, and what they bring to a fresh machine.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
    if ((EUID == 0)); then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else return 1
    fi
}

# Whether a Debian package is installed.
has_package() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Packages that devinit is built with.
# shellcheck disable=SC2034 # used by the scripts that source this file
build_packages=(libgit2-dev libyaml-dev libssl-dev pkg-config git)

# Programs may have come another way than from Debian, so they are looked for by what they do.
missing_programs() {
    python3 -c 'import venv, ensurepip' 2>/dev/null || printf '%s\n' python3 python3-venv
    command -v node >/dev/null || printf 'nodejs\n'
    command -v npm >/dev/null || printf 'npm\n'
    command -v curl >/dev/null || printf 'curl\n'
}

# install_packages PACKAGE…: brings what is missing, and says so.
install_packages() {
    local package missing=() log
    if ! command -v apt-get >/dev/null; then
        say "This machine has no apt-get. If something is missing below, install what these packages hold: $*"
        return
    fi
    for package in "$@"; do has_package "$package" || missing+=("$package"); done
    ((${#missing[@]})) || return 0
    say "Installing with apt-get: ${missing[*]}"
    log=$(mktemp)
    if ! {
        as_root apt-get update -q &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "They could not be installed. As root: apt-get install ${missing[*]}"
    fi
    rm -f "$log"
}

# Finds a Swift toolchain that can build devinit, or says exactly how to get one.
require_swift() {
    local folder version
    for folder in '' "${SWIFTLY_BIN_DIR:-}" "$HOME/.local/share/swiftly/bin" /opt/swift/usr/bin /usr/local/swift/usr/bin; do
        if [[ -n $folder && -x $folder/swift ]]; then PATH=$folder:$PATH; fi
        if command -v swift >/dev/null; then break; fi
    done
    if command -v swift >/dev/null; then
        version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
        if [[ -n $version && $(printf '%s\n' 6.2 "$version" | sort -V | head -n 1) == 6.2 ]]; then return 0; fi
        say "Swift ${version:-of an unknown version} is here; devinit needs 6.2 or newer."
    else
        say "Swift is missing; devinit needs 6.2 or newer."
    fi
    cat >&2 <<'WORDS'
To get it with Swift's own installer (https://www.swift.org/install/linux/):

    curl -O "https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz"
    tar zxf "swiftly-$(uname -m).tar.gz"
    ./swiftly init --quiet-shell-followup
    . "${SWIFTLY_HOME_DIR:-$HOME/.local/share/swiftly}/env.sh"
    swiftly install --use latest

It may name a few system packages to install. Then run this script again.
WORDS
    exit 78
}

# Points docker at the lab's engine, where that one runs and nothing else was chosen.
use_lab_engine() {
    [[ -z ${DOCKER_HOST:-} ]] || return 0
    "$root/Tests/Lab/engine" status >/dev/null 2>&1 || return 0
    eval "$("$root/Tests/Lab/engine" env)"
    say "Using the lab's container engine."
}

# Whether a container engine answers.
engine_answers() {
    command -v docker >/dev/null && timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# Without a registry the images that the tests build serve as well.
choose_images() {
    use_lab_engine
    engine_answers || return 0
    if docker image inspect devinit-lab/postgres:15 devinit-lab/redis:7 >/dev/null 2>&1; then
        export SHOP_POSTGRES_IMAGE=${SHOP_POSTGRES_IMAGE:-devinit-lab/postgres:15}
        export SHOP_REDIS_IMAGE=${SHOP_REDIS_IMAGE:-devinit-lab/redis:7}
        say "Databases run from $SHOP_POSTGRES_IMAGE and $SHOP_REDIS_IMAGE."
    fi
}

# page_address WORKSPACE: where the shop's page answers, as its env file has it.
page_address() { sed -n 's/^PUBLIC_URL=//p' "$1/web/.env" 2>/dev/null | tr -d "\"'"; }
