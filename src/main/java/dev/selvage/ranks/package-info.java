/**
 * Several processes that train one model: {@link dev.selvage.ranks.Communicator} is what they
 * exchange, {@link dev.selvage.ranks.MpiCommunicator} exchanges it by MPI, and {@link
 * dev.selvage.ranks.NcclCommunicator} the gradients of GPUs by NCCL.
 *
 * <p>Uses {@code nn}, {@code runtime}, {@code tensor}, {@code util}.
 */
package dev.selvage.ranks;
