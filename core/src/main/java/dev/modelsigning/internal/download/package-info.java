/**
 * Long bodies over blocking connections of their own, for which the JDK's HTTP client needs twice
 * the processor time: GET requests without a proxy, and answers of known length.
 */
@NullMarked
package dev.modelsigning.internal.download;

import org.jspecify.annotations.NullMarked;
