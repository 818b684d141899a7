/** Datasets made smaller once and for all: photos and masks. */
package dev.selvage.resize;
