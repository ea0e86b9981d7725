#compdef nsconform
# SPDX-License-Identifier: GPL-2.0-only
# Completion for zsh: what a word can become `nsconform complete` knows.

local line name rest before files
local -a candidates

for line in "${(@f)$(${words[1]} complete -- ${(Q)words[2,CURRENT]} 2> /dev/null)}"; do
	name=${line%%$'\t'*} rest=${line#*$'\t'}
	case $name in
	'') ;;
	:files) files=_files before=$rest ;;
	:directories) files='_files -/' before=$rest ;;
	*) candidates+=("${name//:/\\:}:$rest") ;;
	esac
done
_describe nsconform candidates
# What stands before a path is set aside for it alone: other candidates are whole words.
[[ -z $files ]] || { compset -P "${(b)before}"; ${=files} }
