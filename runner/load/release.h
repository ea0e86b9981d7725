/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_RELEASE_H
#define NSC_RELEASE_H

/* "6.12" or "6.12.117-cloud" as 6012; 0 when TEXT is no release. */
int release_parse(const char *text);

#endif
