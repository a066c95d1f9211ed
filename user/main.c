#include <linux/types.h>
#include "config.h"
#include "lease.h"
#include "echo.skel.h"
int main(void){struct echo_bpf *s=echo_bpf__open_and_load();return !s;}
