package dev.modelsigning.spark;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.store.audit.AuditSpan;
import org.apache.hadoop.fs.store.audit.AuditSpanSource;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a bucket as the store lists them. S3A shows objects as files, and leaves out those
 * that are none for it: {@code NAME_$folder$}, keys that end with a slash, keys that are no paths.
 * What is left out could be neither signed nor refused, so the client of S3A is asked itself.
 *
 * <p>Its classes are found by the signatures of its methods: {@code hadoop-aws} need not be there,
 * and in the jar of our program the classes of the SDK have other names, while S3A keeps its own.
 */
final class S3aKeys {

  private static final int PAGE = 1000;

  /** More objects than any model has; a list that goes on longer has no end. */
  private static final long MAX_OBJECTS = 20_000_000;

  /** How many pages of a list may be empty, one after the other: S3 permits some. */
  private static final int MAX_EMPTY_PAGES = 1000;

  private final FileSystem files;
  private final String bucket;
  private final Object client;

  /** {@code S3Client.listObjectsV2(ListObjectsV2Request)}. */
  private final Method list;

  /** {@code ListObjectsV2Request.builder()}. */
  private final Method builder;

  /**
   * An object.
   *
   * @param etag its entity tag, as the store writes it
   */
  record Item(String key, long size, String etag, Instant modified) {

    /** Whether it stands for a directory: all other keys are those of files. */
    boolean isDirectory() {
      return key.endsWith("/") && size == 0;
    }
  }

  /** Receives objects. */
  interface Sink {
    void item(Item item) throws IOException;
  }

  private record Page(List<Item> items, Optional<String> next) {}

  private S3aKeys(FileSystem files) throws ReflectiveOperationException {
    this.files = files;
    bucket = (String) files.getClass().getMethod("getBucket").invoke(files);
    Method internals = files.getClass().getMethod("getS3AInternals");
    Method getClient = internals.getReturnType().getMethod("getAmazonS3Client", String.class);
    client = getClient.invoke(internals.invoke(files), "list");
    list =
        Stream.of(getClient.getReturnType().getMethods())
            .filter(method -> method.getName().equals("listObjectsV2"))
            .filter(method -> method.getParameterCount() == 1)
            .filter(method -> !method.getParameterTypes()[0].isInterface())
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException("listObjectsV2"));
    builder = list.getParameterTypes()[0].getMethod("builder");
  }

  /**
   * Finds the keys of a bucket.
   *
   * @throws IOException if the file system does not let them be listed; its own list is no
   *     substitute
   */
  static S3aKeys of(FileSystem files) throws IOException {
    try {
      return new S3aKeys(files);
    } catch (InvocationTargetException e) {
      throw failure(files.getUri().toString(), e.getCause());
    } catch (ReflectiveOperationException e) {
      FileSystemException failure =
          new FileSystemException(
              files.getUri().toString(),
              null,
              "all keys of the bucket cannot be listed by "
                  + files.getClass().getName()
                  + ", which hides some of them (no "
                  + e.getMessage()
                  + "); use hadoop-aws in the version of Spark's Hadoop");
      failure.initCause(e);
      throw failure;
    }
  }

  private static FileSystemException failure(String place, @Nullable Throwable cause) {
    FileSystemException failure =
        new FileSystemException(place, null, "the keys of the bucket cannot be listed: " + cause);
    failure.initCause(cause);
    return failure;
  }

  /** Whether there is a key with a prefix. */
  boolean isAny(String prefix) throws IOException {
    Optional<String> from = Optional.empty();
    for (int pages = 0; pages < MAX_EMPTY_PAGES; pages++) {
      Page page = page(prefix, from, 1);
      from = page.next;
      if (!page.items.isEmpty() || from.isEmpty()) {
        return !page.items.isEmpty();
      }
    }
    throw endless(prefix, "has nothing on " + MAX_EMPTY_PAGES + " pages");
  }

  /** Lists all keys with a prefix. */
  void list(String prefix, Sink sink) throws IOException {
    Optional<String> from = Optional.empty();
    long objects = 0;
    int empty = 0;
    do {
      Page page = page(prefix, from, PAGE);
      from = page.next;
      objects += page.items.size();
      empty = page.items.isEmpty() ? empty + 1 : 0;
      if (objects > MAX_OBJECTS) {
        throw endless(prefix, "has more than " + MAX_OBJECTS + " objects");
      }
      if (empty == MAX_EMPTY_PAGES) {
        throw endless(prefix, "has nothing on " + MAX_EMPTY_PAGES + " pages");
      }
      for (Item item : page.items) {
        sink.item(item);
      }
    } while (from.isPresent());
  }

  private FileSystemException endless(String prefix, String why) {
    return strange(prefix, "the list of the store " + why + "; is the address that of the store?");
  }

  private FileSystemException strange(String prefix, String why) {
    return new FileSystemException("s3a://" + bucket + "/" + prefix, null, why);
  }

  private Page page(String prefix, Optional<String> from, int most) throws IOException {
    // What S3A asks for belongs to an operation; some clusters refuse and all record what does not.
    AuditSpan span = span(prefix);
    try {
      return ask(prefix, from, most);
    } catch (InvocationTargetException e) {
      throw failure("s3a://" + bucket + "/" + prefix, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw failure("s3a://" + bucket + "/" + prefix, e);
    } finally {
      if (span != null) {
        span.close();
      }
    }
  }

  private @Nullable AuditSpan span(String prefix) throws IOException {
    return files instanceof AuditSpanSource<?> source
        ? source.createSpan("op_list_files", prefix, null)
        : null;
  }

  private Page ask(String prefix, Optional<String> from, int most)
      throws IOException, ReflectiveOperationException {
    Object request = builder.invoke(null);
    Class<?> settings = builder.getReturnType();
    settings.getMethod("bucket", String.class).invoke(request, bucket);
    settings.getMethod("prefix", String.class).invoke(request, prefix);
    settings.getMethod("maxKeys", Integer.class).invoke(request, most);
    if (from.isPresent()) {
      settings.getMethod("continuationToken", String.class).invoke(request, from.get());
    }
    Object answer = list.invoke(client, settings.getMethod("build").invoke(request));
    List<?> contents = (List<?>) get(answer, "contents", List.class).orElse(List.of());
    List<Item> items = new ArrayList<>(contents.size());
    for (Object listed : contents) {
      items.add(item(prefix, listed));
    }
    boolean truncated = get(answer, "isTruncated", Boolean.class).orElse(false);
    Optional<String> next =
        truncated ? get(answer, "nextContinuationToken", String.class) : Optional.empty();
    if (truncated && (next.isEmpty() || next.equals(from))) {
      throw strange(prefix, "the store does not say how its list goes on");
    }
    return new Page(items, next);
  }

  private Item item(String prefix, Object listed) throws IOException, ReflectiveOperationException {
    Optional<String> key = get(listed, "key", String.class);
    Optional<Long> size = get(listed, "size", Long.class);
    Optional<Instant> modified = get(listed, "lastModified", Instant.class);
    if (key.isEmpty() || size.isEmpty() || modified.isEmpty()) {
      throw strange(prefix, "the store lists an object without key, size or time");
    }
    if (!key.get().startsWith(prefix)) {
      throw strange(prefix, "the store lists another object: " + key.get());
    }
    String etag = get(listed, "eTag", String.class).orElse("");
    return new Item(key.get(), size.get(), etag, modified.get());
  }

  private static <T> Optional<T> get(Object from, String name, Class<T> type)
      throws ReflectiveOperationException {
    return Optional.ofNullable(type.cast(from.getClass().getMethod(name).invoke(from)));
  }
}
