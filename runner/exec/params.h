/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters of ops on their way to an agent.
 */
#ifndef NSC_PARAMS_H
#define NSC_PARAMS_H

#include "exec/slot.h"

/* WITH as it is sent: actors become [cred_sock, pidfd]. */
const struct value *params_for_wire(struct slot *slot, const struct op *op,
				    const struct value *with);
/* Close the controller's copies of the descriptors in WITH. */
void params_forget(struct slot *slot, const struct value *with);

#endif
