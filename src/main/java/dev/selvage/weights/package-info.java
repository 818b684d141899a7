/** Weight files: Keras' HDF5 layout, read and written array by array. Knows no model. */
package dev.selvage.weights;
