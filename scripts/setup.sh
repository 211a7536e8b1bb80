#!/bin/sh
# Makes .venv from requirements.lock; `setup.sh test` also looks for the Debian packages that only tests need.
# A stamp makes the second start instant; whatever an interrupted set-up left behind is built anew.
# People see its messages before anything else works, so they are in Bahasa with an English line below.
set -eu
cd "$(dirname "$0")/.."
stamp=.venv/melayani-stamp

say() { printf '%s\n' "$*" >&2; }
fail() { say "BERHENTI: $1"; say "  ($2)"; exit 1; }

free_kb() { df -Pk . | awk 'NR == 2 { print $4 }'; }

# Turns the output of a failed step into one sentence; what we do not know is shown as it is.
explain() {
    output=$1
    # venv hides what its own pip said about a full disk.
    [ "$(free_kb)" -gt 20000 ] || output="No space left"
    case $output in
    *"No space left"* | *"os error 28"* | *"Errno 28"* | *"Disk quota"*)
        fail "Ruang penyimpanan penuh. Kosongkan sekitar 1,5 GB, lalu ulangi perintah yang sama." \
            "The disk is full. Free about 1.5 GB and run the same command again." ;;
    *[Cc]ertificate* | *CERTIFICATE*)
        fail "Sertifikat jaringan tidak dikenal. Isi PIP_CERT dengan letak berkas sertifikat kantor Anda, lalu ulangi." \
            "The network's certificate is unknown. Set PIP_CERT to your organisation's CA file and try again." ;;
    *"dns error"* | *"name resolution"* | *"Name or service"* | *onnection* | *"error sending request"* | *"timed out"* | \
        *[Nn]etwork* | *"Failed to fetch"* | *"No matching distribution"*)
        fail "Paket Python tidak dapat diunduh. Periksa sambungan internet Anda, lalu ulangi perintah yang sama." \
            "Python packages could not be downloaded. Check the internet connection and run the same command again." ;;
    esac
    printf '%s\n' "$output" | tail -n 15 >&2
    fail "Persiapan gagal; pesan aslinya ada di atas." "Set-up failed; the original message stands above."
}
try() { output=$("$@" 2>&1) || explain "$output"; }

# Installs what is missing of the packages for "$1" when we are root on apt; otherwise says what that costs.
debian_packages() {
    while IFS='|' read -r package found scope cost; do
        case $package in '' | '#'*) continue ;; esac
        [ "$scope" = "$1" ] || continue
        eval "$found" >/dev/null 2>&1 && continue
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "Memasang paket Debian $package ..."
            { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$package"; } </dev/null >/dev/null 2>&1 || :
            eval "$found" >/dev/null 2>&1 && continue
        fi
        say "Paket $package belum terpasang. Akibatnya: $cost. Pemasangan: sudo apt-get install $package"
    done <scripts/debian-packages.txt
}

python=${PYTHON:-python3}
command -v "$python" >/dev/null || fail "Python belum terpasang. Pasang Python 3.11 atau yang lebih baru, lalu ulangi." \
    "There is no Python. Install Python 3.11 or newer and try again."
# The interpreter below an activated environment, and what the stamp must say.
facts=$("$python" -c '
import hashlib, os, sys
if sys.version_info < (3, 11):
    sys.exit("%d.%d" % sys.version_info[:2])
text = open("requirements.lock", "rb").read() + open("pyproject.toml", "rb").read()
print(getattr(sys, "_base_executable", sys.executable))
print(sys.version.split()[0], hashlib.sha256(text).hexdigest(), os.getcwd())' 2>&1) ||
    fail "Python $facts belum memenuhi syarat. Pasang Python 3.11 atau yang lebih baru, atau sebutkan letaknya: make PYTHON=python3.12 ..." \
        "Python $facts is too old. Install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..."
python=${facts%%
*}
wanted=${facts#*
}

outdated() { [ "$(cat $stamp 2>/dev/null)" != "$wanted" ]; }

# Of two starts at once, the second waits and then finds the work done.
if outdated && command -v flock >/dev/null; then
    exec 9<scripts/setup.sh
    flock 9
fi
if outdated; then
    debian_packages setup
    "$python" -c "import ensurepip" 2>/dev/null ||
        fail "Paket python3-venv belum terpasang. Jalankan: sudo apt-get install python3-venv, lalu ulangi perintah yang sama." \
            "The package python3-venv is missing. Run: sudo apt-get install python3-venv, then the same command again."
    [ "$(free_kb)" -gt 1500000 ] || [ -d .venv ] || explain "No space left"
    # pip knows only PIP_CERT, uv only SSL_CERT_FILE: either may have been given.
    cert=${PIP_CERT:-${SSL_CERT_FILE:-}}
    [ -z "$cert" ] || export PIP_CERT="$cert" SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"

    say "Menyiapkan lingkungan Python di .venv (sekali saja, sekitar satu menit) ..."
    # A finished environment of the same Python in the same place is brought up to date; anything else is built anew.
    old=$(cat $stamp 2>/dev/null) || :
    [ "${old%% *} ${old#* * }" = "${wanted%% *} ${wanted#* * }" ] || try "$python" -m venv --clear .venv
    rm -f $stamp
    awk '/^[^ ]/ { on = /^uv==/ } on' requirements.lock >.venv/uv.lock
    try .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
    try .venv/bin/uv pip sync --python .venv/bin/python --require-hashes --compile-bytecode requirements.lock
    try .venv/bin/uv pip install --python .venv/bin/python --offline --no-deps --no-build-isolation --editable .
    printf '%s\n' "$wanted" >$stamp
fi
[ "${1:-}" != test ] || debian_packages test
