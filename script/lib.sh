# What script/run, script/test and script/build share: system libraries, font, virtual environment, resources.
# Sourced, not run. Everything it does is said; a second time it only looks. Status 2: something the reader can mend.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
cd "$root" || exit 1

# What Qt and its web engine load from the system (offscreen, X11 and Wayland), and fc-list to look for fonts.
program_libraries=(
  fontconfig libasound2 libdbus-1-3 libegl1 libfontconfig1 libgbm1 libgl1 libglib2.0-0 libnss3 libxcb-cursor0
  libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxcomposite1 libxdamage1 libxkbcommon-x11-0 libxkbcommon0
  libxkbfile1 libxrandr2 libxtst6
)
chinese_font=fonts-noto-cjk

say() { printf '== %s\n' "$*"; }
refuse() {
  printf '%s\n' "$*" >&2
  exit 2
}

# Runs a command and shows the end of what it said only if it failed.
quietly() {
  local said
  said=$("$@" 2>&1) || {
    tail -n 3 <<<"$said" >&2
    return 1
  }
}

# Names those of the given Debian packages that are not installed (newer releases add t64 to some names).
absent_packages() {
  local package installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p')
  for package in "$@"; do
    grep -qxF -e "$package" -e "${package}t64" <<<"$installed" || printf '%s\n' "$package"
  done
}

install_packages() {
  local absent as_root=() package names=()
  if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian: make sure your system has what these Debian packages hold: $*"
    return
  fi
  mapfile -t absent < <(absent_packages "$@")
  ((${#absent[@]})) || return 0
  if ((EUID != 0)); then
    # Without a terminal nobody can type a password: then only a sudo that asks for none will do.
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      refuse "These system packages are missing: ${absent[*]}
Have them installed as root (apt-get install --no-install-recommends and these names), then run the same command again."
    fi
  fi
  say "installing system packages: ${absent[*]}"
  quietly "${as_root[@]}" apt-get -qq update || true # one dead source of many is no reason to stop
  for package in "${absent[@]}"; do
    if apt-cache show "${package}t64" >/dev/null 2>&1; then package=${package}t64; fi
    names+=("$package")
  done
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "${names[@]}" ||
    refuse "These system packages could not be installed: ${names[*]}.
The lines above say why; without a network it cannot be done."
}

install_font() {
  [[ -n $(fc-list :lang=zh family 2>/dev/null) ]] || install_packages "$chinese_font"
}

# install_python LOCK [--lint-tools]: a virtual environment with exactly the locked packages, each checked against its
# hash, the resources (by the same code as the build hook), and the program, editable: a change is there at once.
install_python() {
  local lock=$1 python=${PYTHON:-python3} stamp wanted
  shift
  stamp=$venv/.$(basename "$lock" .txt).installed
  if [[ ! -x $venv/bin/python || ! -x $venv/bin/pip ]]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
      refuse "Python 3.11 or newer is needed; set PYTHON to one if $python is older."
    say "making the virtual environment .venv"
    "$python" -m venv "$venv" || refuse "The virtual environment could not be made: install the package python3-venv."
  fi
  wanted=$(cat "$lock" requirements/installer.txt pyproject.toml | sha256sum)
  if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    make_resources "$@"
    return
  fi
  say "installing the locked Python packages of $lock"
  {
    quietly "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
      -r requirements/installer.txt &&
      quietly "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --require-hashes -r "$lock"
  } || refuse "The Python packages could not be installed: the lines above say why; without a network it cannot be done."
  make_resources "$@"
  say "installing stationdesk into .venv"
  "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e . || exit 1
  printf '%s\n' "$wanted" >"$stamp"
}

make_resources() { "$venv/bin/python" hatch_build.py "$@" || exit $?; }

sandbox_for_root() {
  ((EUID == 0)) || return 0
  export QTWEBENGINE_DISABLE_SANDBOX=1
  say "running as root: the web engine's sandbox is off (as an ordinary user it stays on)"
}
