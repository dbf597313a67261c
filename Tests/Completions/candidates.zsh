# Prints what zsh offers where each line of standard input ends: the words as they would become, and
# then a line of ==. $1 is the file of the completion, $2 a file to use.
#
# Zsh completes only as it edits a line: in a terminal, here a pseudo one.
zmodload zsh/zpty
: >$2
zpty shell zsh -f -i
zpty -w shell "PROMPT= output=${(q)2}; fpath=(${(q)1:h} \$fpath); source ${(q)0:A:h}/candidates-inner.zsh"
for ((line = 1; 1; line++)); do
  IFS= read -r typed || break
  zpty -w -n shell "$typed"$'\t'
  for ((tries = 0; tries < 200 && $(grep -cx '==' $2) < line; tries++)); do sleep 0.05; done
  zpty -w -n shell $'\C-u'
done
zpty -d shell
cat $2
