// SPDX-License-Identifier: GPL-2.0-only
// In the place of Observable Plot's scales/schemes.js, the only user of d3-scale-chromatic, which
// has ColorBrewer's schemes (Apache-2.0) in it. No chart here names a scheme: each colour is given.

function none(scheme) {
	throw new Error(`no colour scheme ${scheme} in this page`);
}

export const ordinalScheme = none;
export const quantitativeScheme = none;
export const ordinalRange = none;
export const isCategoricalScheme = () => false;
export const isDivergingScheme = () => false;
export const maybeBooleanRange = () => undefined;
