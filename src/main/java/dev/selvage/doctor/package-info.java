/** What the machine is, and whether the native operations compute on it what they should. */
package dev.selvage.doctor;
