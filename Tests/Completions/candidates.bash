# Prints what bash offers where each line of standard input ends: the words as they would become, and
# then a line of ==. $1 is the file of the completion.
source "$1"
read -ra registered < <(complete -p virtio-pci-inspect)
for ((i = 0; i < ${#registered[@]}; i++)); do
  [[ ${registered[i]} == -F ]] && complete=${registered[i + 1]}
done

# Only there while bash itself completes.
compopt() { options+=" $*"; }

while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9 COMP_WORDS=() options=
  # As bash does it: at blanks, and before and after what is in COMP_WORDBREAKS.
  rest=$COMP_LINE
  while [[ $rest =~ ^[[:blank:]]*([=:]+|[^=:[:blank:]]+)(.*)$ ]]; do
    COMP_WORDS+=("${BASH_REMATCH[1]}") rest=${BASH_REMATCH[2]}
  done
  [[ $COMP_LINE == *[[:blank:]] ]] && COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  piece=${COMP_WORDS[COMP_CWORD]} word=${COMP_LINE##*[[:blank:]]}
  [[ $piece == [=:]* ]] && piece=
  "$complete" virtio-pci-inspect "$piece" "${COMP_WORDS[COMP_CWORD - 1]}"
  case ${#COMPREPLY[@]}$options in
    0*' default') mapfile -t COMPREPLY < <(compgen -f -- "$piece") ;;
    0*' dirnames') mapfile -t COMPREPLY < <(compgen -d -- "$piece") ;;
  esac
  for reply in "${COMPREPLY[@]}"; do printf '%s\n' "${word%"$piece"}$reply"; done
  echo ==
done
