#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
exec "${0%/*}/suite" trixie
