#compdef nsconform
# SPDX-License-Identifier: GPL-2.0-only
# Completion for zsh: what a word can become `nsconform complete` knows.

local line name rest
local -a candidates

for line in "${(@f)$(${words[1]} complete -- ${(Q)words[2,CURRENT]} 2> /dev/null)}"; do
	name=${line%%$'\t'*} rest=${line#*$'\t'}
	case $name in
	'') ;;
	:files) compset -P "${(b)rest}"; _files ;;
	:directories) compset -P "${(b)rest}"; _files -/ ;;
	*) candidates+=("${name//:/\\:}:$rest") ;;
	esac
done
_describe nsconform candidates
