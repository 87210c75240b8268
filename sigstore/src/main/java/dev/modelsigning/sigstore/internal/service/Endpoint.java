package dev.modelsigning.sigstore.internal.service;

import java.net.URI;

/**
 * A service.
 *
 * @param uri its address
 * @param version the major version of its API
 */
public record Endpoint(URI uri, int version) {}
