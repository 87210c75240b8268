package dev.modelsigning.s3;

import dev.modelsigning.aws.internal.AwsSettings;
import dev.modelsigning.aws.internal.UnusableSettingException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a store is asked. Instances are immutable.
 *
 * @param environment the variables that name credentials, the region and the address, as the AWS
 *     SDK knows them; it may also look at those of the process
 * @param endpoint the address of the store; empty for that of the environment, or of the region
 * @param requesterPays whether requests are paid by the one who sends them, where a bucket demands
 *     it
 * @param trustStoredChecksums whether the SHA-256 that the store has of a whole object is taken for
 *     the digest of its file, instead of reading it: for signing only
 * @param timeout the time-out of one request, with what it is repeated
 */
public record S3Options(
    Map<String, String> environment,
    Optional<String> endpoint,
    boolean requesterPays,
    boolean trustStoredChecksums,
    Duration timeout) {

  /** The option of the command line, by which messages name the address. */
  static final String ENDPOINT = "--s3-endpoint";

  /**
   * Copies the variables.
   *
   * @throws IllegalArgumentException if the address of the store cannot be one
   */
  public S3Options {
    environment = Map.copyOf(environment);
    if (endpoint.isPresent()) {
      try {
        AwsSettings.address(ENDPOINT, endpoint.get());
      } catch (UnusableSettingException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  /** The environment of this process, everything is read, and nothing is paid for others. */
  public static S3Options withDefaults() {
    return new S3Options(System.getenv(), Optional.empty(), false, false, Duration.ofSeconds(40));
  }

  /** Returns the same options with other variables. */
  public S3Options withEnvironment(Map<String, String> variables) {
    return new S3Options(variables, endpoint, requesterPays, trustStoredChecksums, timeout);
  }

  /**
   * Returns the same options with the address of a store.
   *
   * @param address with {@code https}, or {@code http} for one on this machine
   * @throws IllegalArgumentException if it is none
   */
  public S3Options withEndpoint(String address) {
    return new S3Options(
        environment, Optional.of(address), requesterPays, trustStoredChecksums, timeout);
  }

  /** Returns the same options; requests are paid by the one who sends them. */
  public S3Options payingRequests() {
    return new S3Options(environment, endpoint, true, trustStoredChecksums, timeout);
  }

  /**
   * Returns the same options; checksums of the store are taken for digests. A signer says with it
   * that the store, and whoever uploaded to it, are believed. A verifier must read.
   */
  public S3Options trustingStoredChecksums() {
    return new S3Options(environment, endpoint, requesterPays, true, timeout);
  }

  /** Returns the same options with another time-out of a request. */
  public S3Options withTimeout(Duration limit) {
    return new S3Options(environment, endpoint, requesterPays, trustStoredChecksums, limit);
  }
}
