# SPDX-License-Identifier: GPL-2.0-only
# Completion for bash: what a word can become `nsconform complete` knows.

_nsconform()
{
	local line=${COMP_LINE:0:COMP_POINT} words word replaced candidate before path

	read -ra words <<< "$line"
	[[ $line == *[[:blank:]] ]] && words+=('')
	word=${words[-1]}
	# Readline replaces what stands behind the last = or : of the word.
	replaced=${word%"${word##*[=:]}"}
	COMPREPLY=()
	while IFS=$'\t' read -r candidate before; do
		case $candidate in
		:files | :directories)
			compopt -o filenames
			[[ $candidate == :files ]] && candidate=-f || candidate=-d
			while IFS= read -r path; do
				path=$before$path
				COMPREPLY+=("${path#"$replaced"}")
			done < <(compgen "$candidate" -- "${word#"$before"}") ;;
		*)
			# A report's file follows its format, and a selector its prefix.
			[[ $candidate == *: ]] && compopt -o nospace
			COMPREPLY+=("${candidate#"$replaced"}") ;;
		esac
	done < <("${words[0]}" complete -- "${words[@]:1}" 2> /dev/null)
}

complete -F _nsconform nsconform
