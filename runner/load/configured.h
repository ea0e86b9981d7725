/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_CONFIGURED_H
#define NSC_CONFIGURED_H

/*
 * What make was told, in one object: another prefix or version compiles nothing else.
 */
extern const char configured_version[];
extern const char configured_datadir[]; /* where `make install` puts suites/ and fixtures/ */

#endif
