package dev.modelsigning.sigstore.internal.service;

import java.net.URI;

/**
 * A service to use.
 *
 * @param uri its address
 * @param version the major version of its interface
 */
public record Endpoint(URI uri, int version) {}
