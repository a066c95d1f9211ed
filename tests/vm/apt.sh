# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # of lib.sh and the callers
# Packages of any Debian release and architecture, by an apt of its own: the machine's own
# state is neither read nor changed, only its configuration says where Debian's archive is.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

own_release()
{
	(. /etc/os-release && echo "$VERSION_CODENAME")
}

mirror_of() # SUITE: the address the machine gets its own release of that archive from
{
	local kind=
	[[ $1 == *-security ]] && kind=-security
	apt-get indextargets "Created-By: Packages" \
		--format "\$(RELEASE) \$(COMPONENT) \$(REPO_URI)" |
		awk -v suite="$(own_release)$kind" \
			'$1 == suite && $2 == "main" { print $3; exit }'
}

write_sources() # SUITE...: reads series, arch
{
	local suite mirror
	for suite; do
		mirror=$(mirror_of "$suite")
		[ -n "$mirror" ] || die "$status_unavailable" "$series: no mirror of $suite"
		echo "deb [arch=$arch signed-by=$keyring] $mirror $suite main"
	done
}

private_apt() # apt-get or apt-cache, ARGUMENT...: reads apt
{
	local tool=$1
	shift
	"$tool" -qq -c "$apt/apt.conf" "$@"
}

setup_apt() # SUITE...: reads apt (its directory), series, arch
{
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	: >"$apt/status"
	write_sources "$@" >"$apt/sources.list"
	cat >"$apt/apt.conf" <<-END
		Dir::State "$apt";
		Dir::State::lists "$apt/lists";
		Dir::State::status "$apt/status";
		Dir::Cache "$apt/cache";
		Dir::Etc::sourcelist "$apt/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "$arch";
		#clear APT::Architectures;
		APT::Architectures { "$arch"; };
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::http::Timeout "20";
		APT::Update::Error-Mode "any";
		// an archived suite is as good as a current one here
		Acquire::Check-Valid-Until "false";
		// the machine's hooks are about the machine's own lists
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	END
}

# Nothing to say where what was fetched earlier can stand in.
update_lists() # COMMAND...: is there such?
{
	local errors
	errors=$(private_apt apt-get update 2>&1) && return
	"$@" && return 1
	echo "$errors" >&2
	die "$status_unavailable" "$series: no package lists"
}
