package dev.modelsigning.s3;

import dev.modelsigning.aws.internal.AwsErrors;
import dev.modelsigning.aws.internal.Credentials;
import dev.modelsigning.aws.internal.ServiceHttp;
import dev.modelsigning.internal.http.ServiceClient;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.OptionalObjectAttributes;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket: its lists, and its objects in the version that was listed. */
final class S3Store implements AutoCloseable {

  /** The name of the service in messages. */
  private static final String NAME = "the object store";

  /** How often a request is sent, with growing pauses, while the store is busy. */
  private static final int ATTEMPTS = 5;

  /** From which length on a part gets a connection of its own, in bytes. */
  private static final int LARGE = 4 * 1024 * 1024;

  private final String bucket;
  private final S3Settings settings;
  private final boolean pays;
  private final Credentials credentials;
  private final ServiceHttp http;
  private final S3Client client;
  private final SignedGet contents;
  private final S3Parts parts;

  /**
   * A part of a list.
   *
   * @param objects the objects
   * @param directories keys that end with a slash, of objects without content
   * @param next where the list goes on; empty at its end
   */
  record Page(List<S3Object> objects, List<String> directories, Optional<String> next) {
    boolean isEmpty() {
      return objects.isEmpty() && directories.isEmpty();
    }
  }

  private S3Store(
      String bucket,
      S3Settings settings,
      boolean pays,
      Credentials credentials,
      ServiceHttp http,
      S3Client client) {
    this.bucket = bucket;
    this.settings = settings;
    this.pays = pays;
    this.credentials = credentials;
    this.http = http;
    this.client = client;
    this.contents = new SignedGet(bucket, settings, pays, credentials, http);
    this.parts = new S3Parts(this);
  }

  /** Returns a bucket, without asking for it. */
  static S3Store of(String bucket, S3Options options) throws IOException {
    S3Settings settings = S3Settings.of(bucket, options);
    Credentials credentials = new Credentials(S3Settings.context(options));
    ServiceHttp http = new ServiceHttp(NAME, settings.address(bucket), options.timeout());
    S3Client client =
        S3Client.builder()
            .region(settings.region())
            .endpointOverride(settings.endpoint())
            .forcePathStyle(settings.inPath())
            .disableS3ExpressSessionAuth(true)
            .credentialsProvider(credentials)
            .httpClient(http)
            // The digests are ours; a checksum of the store says less.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
            .overrideConfiguration(configuration ->
                configuration
                    .apiCallTimeout(options.timeout())
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .build()))
            .build();
    return new S3Store(bucket, settings, options.requesterPays(), credentials, http, client);
  }

  S3Parts parts() {
    return parts;
  }

  String region() {
    return settings.region().id();
  }

  boolean paysRequests() {
    return pays;
  }

  /** The address, if it was named by the user or the environment. */
  Optional<URI> named() {
    return settings.named() ? Optional.of(settings.endpoint()) : Optional.empty();
  }

  /** The store in messages. */
  String shown() {
    return NAME + " at " + ServiceClient.show(settings.address(bucket));
  }

  /** An object, for display. */
  String locate(String key) {
    return new S3Reference(bucket, "", true).locate(key);
  }

  String withoutSecrets(@Nullable String said) {
    return http.withoutSecrets(said);
  }

  private <T> T ask(S3Failure failures, Supplier<T> request) throws IOException {
    try {
      credentials.find();
      return request.get();
    } catch (SdkException e) {
      throw failures.of(e);
    } catch (IllegalArgumentException e) {
      throw failures.strange(); // what the SDK cannot decode; the exception has the store's words
    }
  }

  private @Nullable RequestPayer payer() {
    return pays ? RequestPayer.REQUESTER : null;
  }

  /**
   * Lists a part of the keys with a prefix.
   *
   * @param nameStart the number of characters before the names of files
   * @param from where the list goes on; empty at its beginning
   * @param most the greatest number of objects, at most 1000
   */
  Page list(String prefix, int nameStart, Optional<String> from, int most) throws IOException {
    return list(prefix, nameStart, from, most, null);
  }

  /** Lists a part of the keys with a prefix that have no further slash. */
  Page listDirectly(String prefix, Optional<String> from) throws IOException {
    return list(prefix, prefix.length(), from, 1000, "/");
  }

  private Page list(
      String prefix, int nameStart, Optional<String> from, int most, @Nullable String delimiter)
      throws IOException {
    ListObjectsV2Response answer =
        ask(
            new S3Failure(this, locate(prefix), "s3:ListBucket", false),
            () ->
                client.listObjectsV2(request ->
                    request
                        .bucket(bucket)
                        .prefix(prefix)
                        .delimiter(delimiter)
                        .maxKeys(most)
                        .requestPayer(payer())
                        .optionalObjectAttributes(OptionalObjectAttributes.RESTORE_STATUS)
                        .continuationToken(from.orElse(null))));
    List<S3Object> objects = new ArrayList<>(answer.contents().size());
    List<String> directories = new ArrayList<>();
    for (software.amazon.awssdk.services.s3.model.S3Object listed : answer.contents()) {
      if (listed.key() == null || listed.size() == null || listed.eTag() == null) {
        throw new FileSystemException(
            locate(prefix), null, shown() + " lists an object without key, size or ETag");
      }
      if (!listed.key().startsWith(prefix)) {
        throw new FileSystemException(
            locate(prefix), null, shown() + " lists another object: " + locate(listed.key()));
      }
      if (listed.key().endsWith("/") && listed.size() == 0) {
        directories.add(listed.key());
        continue;
      }
      if (delimiter == null) {
        requireNotArchived(listed);
      }
      objects.add(
          new S3Object(
              this,
              listed.key(),
              Math.min(nameStart, listed.key().length()),
              listed.size(),
              listed.eTag(),
              listed.lastModified(),
              listed.checksumAlgorithm().contains(ChecksumAlgorithm.SHA256)));
    }
    Optional<String> next =
        Boolean.TRUE.equals(answer.isTruncated())
            ? Optional.ofNullable(answer.nextContinuationToken())
            : Optional.empty();
    if (Boolean.TRUE.equals(answer.isTruncated()) && (next.isEmpty() || next.equals(from))) {
      throw new FileSystemException(
          locate(prefix), null, shown() + " does not say how its list goes on");
    }
    return new Page(objects, directories, next);
  }

  private void requireNotArchived(software.amazon.awssdk.services.s3.model.S3Object listed)
      throws IOException {
    String storage = String.valueOf(listed.storageClassAsString());
    boolean archived = storage.equals("GLACIER") || storage.equals("DEEP_ARCHIVE");
    // A restored object keeps its class, and has a day until which it can be read.
    boolean restored =
        listed.restoreStatus() != null
            && !Boolean.TRUE.equals(listed.restoreStatus().isRestoreInProgress())
            && listed.restoreStatus().restoreExpiryDate() != null;
    if (archived && !restored) {
      throw new FileSystemException(
          locate(listed.key()), null, S3Failure.ARCHIVED + " (" + storage + ")");
    }
  }

  /** Opens a part of an object in the version that was listed. */
  ReadableByteChannel open(S3Object object, long from, long to) throws IOException {
    S3Failure failures = new S3Failure(this, locate(object.key()), "s3:GetObject", true);
    S3Content content = content(object, from, to, failures);
    try {
      requireSame(object, content, from, to, failures);
      return content.body();
    } catch (IOException e) {
      content.body().close();
      throw e;
    }
  }

  private S3Content content(S3Object object, long from, long to, S3Failure failures)
      throws IOException {
    String range = to > from ? "bytes=" + from + "-" + (to - 1) : null;
    try {
      credentials.find();
      Optional<S3Content> direct =
          contents.ask(object.key(), object.etag(), range, to - from >= LARGE);
      if (direct.isPresent()) {
        return direct.get();
      }
    } catch (SdkException e) {
      throw failures.of(e);
    }
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(bucket)
            .key(object.key())
            .ifMatch(object.etag())
            .requestPayer(payer())
            .range(range)
            .build();
    return S3Content.of(ask(failures, () -> client.getObject(request)));
  }

  private void requireSame(
      S3Object object, S3Content answer, long from, long to, S3Failure failures)
      throws IOException {
    String version = answer.version();
    String before = object.versionId();
    if (!object.etag().equals(answer.etag()) || (before != null && !before.equals(version))) {
      throw failures.changed();
    }
    object.found(version);
    String expected = "bytes " + from + "-" + (to - 1) + "/" + object.size();
    boolean whole = from == 0 && to == object.size();
    boolean range = answer.range() == null ? whole : expected.equals(answer.range().strip());
    Long length = answer.length();
    if (!range || length == null || length != to - from) {
      throw new FileSystemException(
          object.location(),
          null,
          shown()
              + " answered with other bytes than those that were asked for: expected "
              + expected
              + ", found "
              + answer.range()
              + " with "
              + length
              + " bytes");
    }
  }

  /**
   * The SHA-256 that the store has of a whole object; empty if it has none, or only one of its
   * parts' checksums.
   */
  Optional<byte[]> storedSha256(S3Object object) throws IOException {
    S3Failure failures = new S3Failure(this, object.location(), "s3:GetObject", true);
    HeadObjectResponse answer =
        ask(
            failures,
            () ->
                client.headObject(request ->
                    request
                        .bucket(bucket)
                        .key(object.key())
                        .ifMatch(object.etag())
                        .checksumMode(ChecksumMode.ENABLED)
                        .requestPayer(payer())));
    if (!object.etag().equals(answer.eTag())
        || answer.contentLength() == null
        || answer.contentLength() != object.size()) {
      throw failures.changed();
    }
    object.found(answer.versionId());
    if (answer.checksumSHA256() == null || !isOfWhole(answer)) {
      return Optional.empty();
    }
    try {
      byte[] digest = Base64.getDecoder().decode(answer.checksumSHA256());
      return Optional.of(digest).filter(it -> it.length == 32);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // it is no checksum of a whole object, whatever its type says
    }
  }

  /**
   * Whether a checksum is one of all bytes, and not of the checksums of parts. A store that does
   * not say it is believed for an object that was uploaded in one piece, whose tag has no number of
   * parts.
   */
  private static boolean isOfWhole(HeadObjectResponse answer) {
    return answer.checksumType() == null
        ? !answer.eTag().contains("-")
        : answer.checksumType() == ChecksumType.FULL_OBJECT;
  }

  /** Finds an object by its key; empty if there is none. */
  Optional<S3Object> find(String key) throws IOException {
    S3Failure failures = new S3Failure(this, locate(key), "s3:GetObject", false);
    HeadObjectRequest request =
        HeadObjectRequest.builder().bucket(bucket).key(key).requestPayer(payer()).build();
    HeadObjectResponse answer =
        ask(
            failures,
            () -> {
              try {
                return client.headObject(request);
              } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                  return HeadObjectResponse.builder().build();
                }
                throw AwsErrors.code(e).isEmpty() ? explained(key, e) : e;
              }
            });
    if (answer.eTag() == null || answer.contentLength() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new S3Object(
            this,
            key,
            key.lastIndexOf('/') + 1,
            answer.contentLength(),
            answer.eTag(),
            answer.lastModified(),
            false));
  }

  /** The refusal of a HEAD request, which has no content that says why: that of a GET request. */
  private SdkException explained(String key, S3Exception refusal) {
    try {
      client
          .getObject(
              request -> request.bucket(bucket).key(key).range("bytes=0-0").requestPayer(payer()))
          .abort();
      return refusal;
    } catch (S3Exception e) {
      return e;
    } catch (SdkException e) {
      e.addSuppressed(refusal);
      return e;
    }
  }

  /**
   * Writes an object.
   *
   * @param replaced the one that is replaced; empty if there must be none
   * @throws IOException if something else is there by then
   */
  void write(String key, byte[] content, Optional<S3Object> replaced) throws IOException {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(bucket).key(key).requestPayer(payer());
    replaced.ifPresentOrElse(
        object -> request.ifMatch(object.etag()), () -> request.ifNoneMatch("*"));
    ask(
        new S3Failure(this, locate(key), "s3:PutObject", false),
        () -> client.putObject(request.build(), RequestBody.fromBytes(content)));
  }

  @Override
  public void close() {
    parts.close();
    client.close();
    credentials.close();
  }
}
