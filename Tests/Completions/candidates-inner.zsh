# The zsh of candidates.zsh: a tab appends to the file $output what would be offered.
autoload -U compinit && compinit -u -D

compadd() {
  # With one of these it adds nothing.
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
    local -a hits before folder
    zparseopts -E -a ignored P:=before p:=folder
    builtin compadd -A hits "$@"
    for hit in $hits; do print -r -- "$IPREFIX$before[2]$folder[2]$hit" >>$output; done
  fi
  builtin compadd "$@"
}

record() {
  _main_complete
  compstate[insert]= compstate[list]=
  print '==' >>$output
}
zle -C record complete-word record
bindkey '^I' record
