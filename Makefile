# SPDX-License-Identifier: GPL-2.0-only
# Targets: see `make help`.
CC ?= gcc
BUILD := build
V ?= 0
ifeq ($(V),0)
Q := @
say = @printf '  %-7s %s\n' $(1) $(2)
endif
CPPFLAGS += -Iinclude -I$(BUILD) $(if $(KHDR_INCLUDES),$(KHDR_INCLUDES)) -I/usr/include/libnl3
CFLAGS ?= -O2 -g
WARN := -std=gnu11 -Wall -Wextra -Werror
LIBS := -lyaml -lcap -lnl-route-3 -lnl-3 -lz -lpthread
lib_src := $(wildcard lib/*.c lib/*/*.c)
runner_src := $(wildcard runner/*.c)
objs := $(patsubst %.c,$(BUILD)/%.o,$(lib_src) $(runner_src))

all: $(BUILD)/nsconform
$(BUILD)/nsconform: $(objs)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -static $(LDFLAGS) -o $@.$$$$ $^ $(LIBS) && mv -f $@.$$$$ $@
$(BUILD)/%.o: %.c $(BUILD)/op_list.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(WARN) $(CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@.$$$$ $< && mv -f $@.$$$$ $@
$(BUILD)/op_list.h: $(wildcard lib/ops/*.c)
	@mkdir -p $(@D)
	@grep -l '^const struct op [a-z0-9_]*_ops\[\]' lib/ops/*.c | sed 's|.*/\(.*\)\.c|OPS(\1)|' > $@.new
	@cmp -s $@.new $@ || cp $@.new $@
-include $(objs:.o=.d)
.PHONY: all
