/** How fast whole steps and detections are on this machine, against its own matrix product. */
package dev.selvage.bench;
