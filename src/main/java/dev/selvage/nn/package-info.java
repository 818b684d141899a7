/** Parameters, the layers that use them with their gradients, how they begin and how they learn. */
package dev.selvage.nn;
