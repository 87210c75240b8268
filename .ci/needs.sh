# shellcheck shell=bash
# Finds, or on Debian installs, what CI needs, and sets jdk17, jdk25 and the variables that tests
# use.

# Prints the directory of a JDK of this major version.
find_jdk() {
  local home explicit="JAVA$1_HOME"
  for home in "${!explicit:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*"$1"*; do
    if [ -x "$home/bin/javac" ] && grep -qs "^JAVA_VERSION=\"$1[\".]" "$home/release"; then
      echo "$home"
      return
    fi
  done
}

apt_install() {
  echo "installing: $*"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || fail "missing, and only root can install it: $*"
    as_root=(sudo -n)
  fi
  command -v apt-get > /dev/null || fail "missing, and there is no apt-get to install it: $*"
  # The time-out is for a new machine that is busy with its own updates.
  local apt_get=(env DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  "${as_root[@]}" "${apt_get[@]}" update && "${as_root[@]}" "${apt_get[@]}" install -y \
    --no-install-recommends "$@"
}

# Whether a FUSE file system can be mounted, as root may if there is /dev/fuse.
can_mount() {
  mkdir "$scratch/mounted"
  (
    exec 3<> /dev/fuse || exit 1
    mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 ci-run "$scratch/mounted" || exit 1
    umount -l "$scratch/mounted"
  ) 2> /dev/null
}

# Whether the tools for building cosign, the registries and the Sigstore servers exist. Debian's Go is too old for them.
has_go() {
  command -v go > /dev/null \
    && [ "$(printf '%s\n' go1.26 "$(go env GOVERSION)" | sort -V | head -n 1)" = go1.26 ]
}

has_go_and_npm() {
  command -v npm > /dev/null && has_go
}

may_skip=
begin 'What the run needs'

missing=()
command -v mvn > /dev/null || missing+=(maven)
command -v shellcheck > /dev/null || missing+=(shellcheck)
python3 -c 'import ensurepip, venv' 2> /dev/null || missing+=(python3 python3-venv)
# A software token for the tests; each run has its own configuration and tokens.
for part in jq:jq softhsm2-util:softhsm2 pkcs11-tool:opensc p11tool:gnutls-bin p11-kit:p11-kit \
  openssl:openssl git:git unzip:unzip script:bsdutils setpriv:util-linux fish:fish zsh:zsh \
  groff:groff-base mandoc:mandoc curl:curl pgrep:procps debootstrap:debootstrap lintian:lintian unshare:util-linux; do
  command -v "${part%:*}" > /dev/null || missing+=("${part#*:}")
done
# The keys that debootstrap authenticates Debian by.
[ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
[ -n "$(find_jdk 17)" ] || missing+=(openjdk-17-jdk-headless)
if has_go_and_npm; then
  command -v mariadbd > /dev/null || missing+=(mariadb-server-core mariadb-client-core)
  command -v openssl > /dev/null || missing+=(openssl)
fi
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
# Separate from the others, as not every Debian release has these packages.
for package in openjdk-25-jdk-headless temurin-25-jdk; do
  [ -n "$(find_jdk 25)" ] || apt_install "$package" || true
done

# Packages are installed at the end; what that takes is asked for now.
command -v go > /dev/null || fail 'no Go, which builds the registry that the image is pushed to; install it'
[ "$(id -u)" -eq 0 ] || sudo -n true \
  || fail 'packages are installed on roots of their own: run this as root, or as a user with sudo without a password'

jdk17=$(find_jdk 17)
jdk25=$(find_jdk 25)
[ -n "$jdk17" ] || fail 'no JDK 17; install one and set JAVA17_HOME to it'
[ -n "$jdk25" ] || fail 'no JDK 25; install one and set JAVA25_HOME to it'
for command in mvn shellcheck python3; do
  command -v "$command" > /dev/null || fail "no $command; install it"
done
printf '%s\n' "JDK 17: $jdk17" "JDK 25: $jdk25"
export JAVA_HOME=$jdk17
mvn -B -v
python3 --version

# The Python client, cosign with the registries, the KMS and the object stores, and the Sigstore servers are installed in parallel: one waits
# for the network, the others compile. All are cached as long as their versions are unchanged.
begin 'Peers: the reference client in Python, a reader of SARIF, a scanner of pickles, schemas, a real model, Spark, cosign, registries, a KMS, object stores, a real Sigstore'
{ for peer in python sarif picklescan cyclonedx model spark; do "integration/$peer/install" ".cache/$peer" || exit; done; } &
python=$!
go=
# The API server compiles for ten minutes: .ci/full builds it, and .ci/run takes it where it is.
go_peers=(cosign oci kms s3)
if ${with_api_server:-false} || [ -x .cache/kubernetes/bin/kube-apiserver ]; then
  go_peers+=(kubernetes)
fi
if has_go; then
  { for peer in "${go_peers[@]}"; do "integration/$peer/install" ".cache/$peer" || exit; done; } &
  go=$!
fi
if has_go_and_npm; then
  integration/sigstore/install "$stack"
fi
wait "$python"
[ -z "$go" ] || wait "$go"
export MODEL_SIGNING_PYTHON=$root/.cache/python/bin/model_signing
export MODEL_SIGNING_SARIF=$root/.cache/sarif/bin/sarif
export MODEL_SIGNING_PICKLESCAN=$root/.cache/picklescan/bin/picklescan
export MODEL_SIGNING_CYCLONEDX=$root/.cache/cyclonedx # without it, tests that need its schemas are skipped
export MODEL_SIGNING_MODEL=$root/.cache/model
export MODEL_SIGNING_SPARK=$root/.cache/spark
export MODEL_SIGNING_REQUIRE_SPARK=true # without it, tests that start spark-submit are skipped
export MODEL_SIGNING_SIGSTORE=$stack
export MODEL_SIGNING_REQUIRE_PEERS=true # without it, tests that miss a client are skipped
export MODEL_SIGNING_REQUIRE_SOFTHSM=true # the same for tests that miss the token in software
if has_go; then
  export MODEL_SIGNING_COSIGN=$root/.cache/cosign/bin/cosign
  export MODEL_SIGNING_REQUIRE_COSIGN=true # as above
  export MODEL_SIGNING_OCI=$root/.cache/oci
  export MODEL_SIGNING_REQUIRE_OCI=true # as above
  export MODEL_SIGNING_KMS=$root/.cache/kms
  export MODEL_SIGNING_REQUIRE_KMS=true # as above
  export MODEL_SIGNING_S3=$root/.cache/s3
  export MODEL_SIGNING_REQUIRE_S3=true # as above
  if [ "${go_peers[-1]}" = kubernetes ]; then
    export MODEL_SIGNING_KUBERNETES=$root/.cache/kubernetes
    export MODEL_SIGNING_REQUIRE_KUBERNETES=true # as above
  else
    echo 'There is no API server of Kubernetes in .cache, so tests with one are left to .ci/full'
    may_skip='no API server of Kubernetes on this machine'
  fi
else
  echo 'Go 1.26 is missing, so tests with cosign, registries, a KMS, object stores and an API server are skipped'
  may_skip='no cosign on this machine|no registry on this machine|no KMS on this machine|no object store on this machine|no API server of Kubernetes on this machine'
fi
if has_go_and_npm; then
  integration/sigstore/start "$stack"
  integration/sigstore/check "$stack"
  export MODEL_SIGNING_REQUIRE_SIGSTORE=true # as above
else
  echo 'Go 1.26 or npm is missing, so tests with real servers of Sigstore are skipped'
  may_skip=${may_skip:+$may_skip|}'no Sigstore on this machine|needs a running Sigstore'
fi
if can_mount; then
  export MODEL_SIGNING_REQUIRE_MOUNTS=true # as above
  echo 'tests mount file systems of their own'
else
  echo 'no file system can be mounted, so tests with devices that fail are skipped'
  may_skip=${may_skip:+$may_skip|}'mounts a file system'
fi
[ -d ../shared/vectors ] || without_vectors='needs ../shared/vectors'
