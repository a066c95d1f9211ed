#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The containers of deploy/kubernetes, as far as they are icmpx: each command with the rights that
# its manifest gives it and no others, on a root file system that cannot be written.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"

manifests=$(realpath "${0%/*}/../../deploy/kubernetes")

# Its capabilities as setpriv takes them, then its arguments, a line each.
container() # FILE NAME
{
	perl -MYAML::XS=LoadFile -e '
		my ($file, $name) = @ARGV;
		for my $object (grep { $_->{kind} eq "DaemonSet" } LoadFile($file)) {
			my $pod = $object->{spec}{template}{spec};
			for my $c (@{$pod->{initContainers}}, @{$pod->{containers}}) {
				next if $c->{name} ne $name;
				my $may = $c->{securityContext};
				die "not the host'\''s network\n" if !$pod->{hostNetwork};
				die "may write\n" if !$may->{readOnlyRootFilesystem};
				die "may gain rights\n" if $may->{allowPrivilegeEscalation} // 1;
				die "keeps rights\n" if "@{$may->{capabilities}{drop}}" ne "ALL";
				die "AppArmor of the runtime forbids it to make or remove pins\n"
					if $name ne "export" and ($may->{appArmorProfile}{type} // "") ne "Unconfined";
				die "SELinux keeps it from pins\n"
					if ($pod->{securityContext}{seLinuxOptions}{type} // "") ne "spc_t";
				my ($bpffs) = grep { $_->{name} eq "bpffs" } @{$c->{volumeMounts}};
				die "may change what is in bpffs\n"
					if $name eq "export" and !$bpffs->{readOnly};
				print join(",", map { "+" . lc } @{$may->{capabilities}{add}}), "\n";
				print "$_\n" for @{$c->{args}};
			}
		}' "$manifests/$1" "$2"
}

# On the node's network, which is b; its /sys/fs/bpf is the one place that may be written, and by
# the exporter not that.
# shellcheck disable=SC2016 # of the shell inside
confined='mount --make-rprivate / && mount -o remount,bind,ro / &&
	{ ! touch /nothing 2>/dev/null || exit 99; } &&
	{ [ "$0" != export ] || mount -o remount,bind,ro /sys/fs/bpf; } && exec "$@"'

run_container() # FILE NAME [CAPABILITY]: without that one; it becomes this process
{
	local may command
	{
		read -r may
		mapfile -t command
	} < <(container "$1" "$2")
	[ ${#command[@]} -gt 0 ] || exit 98 # it has said why
	# shellcheck disable=SC2016 # as Kubernetes has it
	exec nsenter "--net=$(ns_path b)" unshare -m sh -c "$confined" "$2" setpriv --no-new-privs \
		--inh-caps=-all "--bounding-set=-all,${may/+${3-none}/-${3-none}}" \
		"$ICMPX" "${command[@]/#'$(HOST_IP)'/$local4}"
}

runs() # FILE NAME [CAPABILITY]
{
	(run_container "$@")
}

each_is_needed() # FILE NAME
{
	local capability list
	list=$(container "$1" "$2" | head -n 1)
	[ -n "$list" ] || bail "$1: no container $2"
	for capability in ${list//[,+]/ }; do
		ok "$2: needs $capability" \
			grep -q "CAP_${capability^^}" <(runs "$1" "$2" "$capability" 2>&1)
	done
}

scraped()
{
	in_ns a "$client" get "http://$local4:9917/metrics" |
		grep -q '^icmpx_verdict_frames_total{device="eth0"'
}

healthy() # as the probe of the manifest asks
{
	in_ns a "$client" get "http://$local4:9917/-/healthy" | grep -q '^HTTP[^ ]* 200 '
}

test_begin daemonset
perl -MYAML::XS -e 1 2>/dev/null || skip_all "YAML::XS" "not installed"
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add $peer4/24 dev eth0
must in_ns b ip addr add $local4/24 dev eth0

each_is_needed icmpx.yaml attach
is "attach: nothing was attached meanwhile" "$(state_of b)" ""
ok "attach" runs icmpx.yaml attach
is "attached" "$(state_of b)" attached
ok "it begins with observing" grep -q '"observe": *true' <(in_ns b "$ICMPX" status --json)
ok "attach once more, as a new version does" runs icmpx.yaml attach
ok "pings are answered" reaches a $local4

run_container icmpx.yaml export >"$test_dir/out" 2>&1 &
exporter=$!
ok "export: it is scraped over the network" wait_until 10 scraped
ok "export: it is healthy" healthy
is "export: rights that it kept" "$(proc_status CapEff)" "$(proc_status CapPrm)"
kill $exporter
wait $exporter
is "export: ends in order" $? 0

each_is_needed detach.yaml detach
is "detach: still attached" "$(state_of b)" attached
ok "detach" runs detach.yaml detach
is "detached" "$(state_of b)" ""
test_end
