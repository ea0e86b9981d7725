# SPDX-License-Identifier: GPL-2.0-only
# Completion for fish: what a word can become `nsconform complete` knows.

function __nsconform_complete
	set -l words (commandline -opc)
	set -l word (commandline -ct)
	for line in ($words[1] complete -- $words[2..-1] $word 2> /dev/null)
		set -l parts (string split -m 1 \t -- $line)
		switch $parts[1]
			case :files
				printf '%s\n' $parts[2](__fish_complete_path (string replace -- $parts[2] '' $word))
			case :directories
				printf '%s\n' $parts[2](__fish_complete_directories (string replace -- $parts[2] '' $word))
			case '*'
				echo $line
		end
	end
end

complete -c nsconform -f -a '(__nsconform_complete)'
