# Prints what fish offers where each line of standard input ends: the words as they would become, and
# then a line of ==. $argv[1] is the file of the completion.
source $argv[1]
while read -l typed
    complete -C "$typed" | string replace -r '\t.*' ''
    echo ==
end
