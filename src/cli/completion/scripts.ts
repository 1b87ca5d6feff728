/**
 * One script per shell. Each asks the hidden command `__complete` for what may follow; the answer is
 * one candidate a line, and the line `:files` where a file may stand.
 */
const bash = `# dstack-offers completion for bash: source <(dstack-offers completion bash)
_dstack_offers() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
      compopt -o filenames 2>/dev/null
    else
      COMPREPLY+=("$line")
    fi
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _dstack_offers dstack-offers
`

const zsh = `#compdef dstack-offers
# dstack-offers completion for zsh: source <(dstack-offers completion zsh)
_dstack_offers() {
  local -a candidates
  local line
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then
      _files
    else
      candidates+=("$line")
    fi
  done < <("\${words[1]}" __complete "\${(@)words[2,$CURRENT]}" 2>/dev/null)
  (( \${#candidates} )) && compadd -- "\${candidates[@]}"
}
if [ "$funcstack[1]" = "_dstack_offers" ]; then
  _dstack_offers "$@"
else
  compdef _dstack_offers dstack-offers
fi
`

const fish = `# dstack-offers completion for fish: dstack-offers completion fish | source
function __dstack_offers_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c dstack-offers -f -a '(__dstack_offers_complete)'
`

export const completionScripts = { bash, zsh, fish } as const
