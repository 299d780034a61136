# Sourced by the recipes beside this file. `take TREE FOLDER` writes the manifests of a commit and rollcall.lock into FOLDER as
# git has them, byte for byte: no attribute, no filter and no link has a say.
take() {
  mkdir -p "$2/manifests"
  git ls-tree -r -z --full-tree "$1" -- manifests rollcall.lock | while IFS= read -r -d '' entry; do
    read -r mode _ blob <<<"${entry%%$'\t'*}"
    path=${entry#*$'\t'}
    if [ "${mode%???}" != 100 ]; then
      echo "${GITHUB_ACTIONS:+::error::}A link or a submodule is among the manifests: $(printf %q "$path")"
      exit 1
    fi
    case $path in *.yaml | *.yml | rollcall.lock) ;; *) continue ;; esac
    file=$2/$path
    [ -d "${file%/*}" ] || mkdir -p "${file%/*}"
    git cat-file blob "$blob" >"$file"
  done
}
