package dev.modelsigning.spark;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Failed;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.spark.Storage.Look;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;

/**
 * A model or dataset in a storage that all machines of a Spark cluster read: {@code hdfs:}, {@code
 * s3a:} or {@code file:}. The driver lists it, executors hash it ({@link SparkDigester}), and the
 * driver lists it again: an entry that was added, changed or removed meanwhile is a failure that
 * names it. The statement about it is that of the same files in a directory.
 *
 * <pre>{@code
 * org.apache.spark.SparkContext spark =
 *     org.apache.spark.SparkContext.getOrCreate(); // that of a session, if there is one
 * SparkModel data = SparkModel.open("s3a://bucket/data", spark);
 * SignedModel signed =
 *     ModelSigner.using(KeySigner.load(Path.of("key.pem"))).sign(data, Path.of("data.sig"));
 * }</pre>
 */
public final class SparkModel implements ModelSource {

  private static final Pattern URI = Pattern.compile("(?<scheme>hdfs|s3a|file):(?<rest>/.*)");
  private static final Pattern AUTHORITY = Pattern.compile("//(?<authority>[^/]*)(?<path>/.*|)");

  private final Storage storage;
  private final SparkDigester digester;

  private SparkModel(Storage storage, SparkDigester digester) {
    this.storage = storage;
    this.digester = digester;
  }

  /**
   * Names a model. It is looked for when it is listed.
   *
   * @param uri where its files are: {@code hdfs://HOST/PATH}, {@code s3a://BUCKET/PREFIX} or {@code
   *     file:///PATH}, which must be the same files on all machines. As for Hadoop, {@code %}
   *     stands for itself
   * @param spark a running Spark, such as {@code session.sparkContext()}
   * @throws IllegalArgumentException if it is not a URI of this form
   * @throws IOException if it is a cluster that does not authenticate its executors
   */
  public static SparkModel open(String uri, SparkContext spark) throws IOException {
    return new SparkModel(storage(uri), SparkDigester.of(spark));
  }

  /**
   * Checks the form of a URI.
   *
   * @throws IllegalArgumentException if it is not one of {@link #open}
   */
  static Storage storage(String uri) {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected hdfs://HOST/PATH, s3a://BUCKET/PREFIX or file:///PATH, found "
              + Printable.quote(withoutUser(uri)));
    }
    String scheme = parts.group("scheme");
    Matcher authority = AUTHORITY.matcher(parts.group("rest"));
    boolean named = authority.matches();
    String host = named ? authority.group("authority") : "";
    String path = named ? authority.group("path") : parts.group("rest");
    if (host.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "a URI has no user or password; machines find credentials in their configuration");
    }
    boolean below = path.endsWith("/");
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (List.of(path.split("/", -1)).stream().skip(1).anyMatch(SparkModel::isNoName)) {
      throw new IllegalArgumentException(
          "the path has a component that is empty, . or .., in " + Printable.quote(uri));
    }
    if (scheme.equals("file")) {
      if (!host.isEmpty()) {
        throw new IllegalArgumentException("a file: URI has no host: file:///PATH");
      }
      return new FileStorage(path.isEmpty() ? "/" : path, false);
    }
    if (scheme.equals("s3a") && host.isEmpty()) {
      throw new IllegalArgumentException("expected s3a://BUCKET/PREFIX");
    }
    String root = scheme + "://" + host + (path.isEmpty() ? "/" : path);
    return new HadoopStorage(root, scheme.equals("s3a"), below);
  }

  /** A URI that is refused may have a password before its host. */
  private static String withoutUser(String uri) {
    return uri.replaceFirst("^([^/]*//)[^/]*@", "$1");
  }

  private static boolean isNoName(String component) {
    return component.isEmpty() || component.equals(".") || component.equals("..");
  }

  /** The last component of its path, or the bucket. */
  @Override
  public String name() throws IOException {
    return storage.name();
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    return storage.nameOf(file);
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    Storage here = storage.followingLinks(selection.followsLinks());
    if (hashing.isEmpty()) {
      HandingOut files = new HandingOut(here, selection, listing);
      here.list(selection, digester.conf(), files);
      files.end();
      return;
    }
    digester.findings().forEach(listing::finding);
    Failures failures = new Failures();
    Batches batches = new Batches(here, listing, hashing.get(), failures);
    here.list(selection, digester.conf(), batches);
    batches.end();
    compare(here, selection, batches.marks, failures);
  }

  /** Lists again, and throws what is not as it was. */
  private void compare(Storage here, Selection selection, Marks marks, Failures failures)
      throws IOException {
    Comparing comparing = new Comparing(here, marks.again(), failures);
    here.list(selection, digester.conf(), comparing);
    comparing.end();
    failures.orElseThrow(location());
  }

  /** Passes files on. */
  private abstract class Passing implements Storage.Entries {
    final Storage here;
    final Listing listing;
    final Marks marks = new Marks();

    Passing(Storage here, Listing listing) {
      this.here = here;
      this.listing = listing;
    }

    @Override
    public void file(String path, String name, Look look, Optional<ModelFile> local)
        throws IOException {
      if (path.isEmpty()) {
        listing.singleFile();
      }
      StoredFile file = new StoredFile(here, digester.conf(), path, name, look, local, reader());
      marks.add(file.mark());
      if (listing.wants(file)) {
        wanted(file);
      }
    }

    /** Who must know when a file was hashed. */
    abstract Optional<StoredFile.Reader> reader();

    abstract void wanted(StoredFile file) throws IOException;

    @Override
    public void irregular(IrregularEntry entry) {
      marks.add(mark(entry));
      listing.irregular(entry);
    }

    @Override
    public void leftOut(UncoveredEntry entry) {
      listing.leftOut(entry);
    }

    @Override
    public void finding(Finding finding) {
      listing.finding(finding);
    }
  }

  /**
   * Passes files on to whoever asked for nothing but a list. If a {@link SparkDigester} hashes them
   * then, the list is compared when it has hashed them all.
   */
  private final class HandingOut extends Passing implements StoredFile.Reader {
    private final Selection selection;
    private long left;
    private boolean listed;
    private boolean told;

    HandingOut(Storage here, Selection selection, Listing listing) {
      super(here, listing);
      this.selection = selection;
    }

    @Override
    Optional<StoredFile.Reader> reader() {
      return Optional.of(this);
    }

    @Override
    void wanted(StoredFile file) throws IOException {
      synchronized (this) {
        left++;
      }
      listing.file(file);
    }

    /** Called at the end of the list. Files may have been hashed before it. */
    synchronized void end() throws IOException {
      listed = true;
      compareIfRead();
    }

    @Override
    public synchronized void hashed(SparkDigester reader) throws IOException {
      if (!told) {
        told = true;
        reader.findings().forEach(listing::finding);
      }
      left--;
      compareIfRead();
    }

    private void compareIfRead() throws IOException {
      if (told && listed && left <= 0) {
        compare(here, selection, marks, new Failures());
      }
    }
  }

  /** Has files hashed, many at a time. */
  private final class Batches extends Passing {
    private final Hashing hashing;
    private final Failures failures;
    private List<StoredFile> batch = new ArrayList<>();

    Batches(Storage here, Listing listing, Hashing hashing, Failures failures) {
      super(here, listing);
      this.hashing = hashing;
      this.failures = failures;
    }

    @Override
    Optional<StoredFile.Reader> reader() {
      return Optional.empty();
    }

    @Override
    void wanted(StoredFile file) throws IOException {
      batch.add(file);
      if (batch.size() == digester.batchSize()) {
        end();
      }
    }

    void end() throws IOException {
      List<StoredFile> full = batch;
      batch = new ArrayList<>();
      try {
        digester.digest(full, hashing, this::take);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    private void take(HashOutcome outcome) {
      if (outcome instanceof Failed one) {
        failures.add(one.file().location(), one.failure());
        return;
      }
      try {
        listing.hashed((Hashed) outcome);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static long mark(IrregularEntry entry) {
    return StoredFile.mark(entry.name() + "\0irregular\0" + entry.kind());
  }

  /** Compares a second list with the first. */
  private final class Comparing implements Storage.Entries {
    private final Storage here;
    private final Marks.Again again;
    private final Failures failures;

    Comparing(Storage here, Marks.Again again, Failures failures) {
      this.here = here;
      this.again = again;
      this.failures = failures;
    }

    @Override
    public void file(String path, String name, Look look, Optional<ModelFile> local) {
      StoredFile file =
          new StoredFile(here, digester.conf(), path, name, look, local, Optional.empty());
      compare(file.mark(), file.location());
    }

    @Override
    public void irregular(IrregularEntry entry) {
      compare(mark(entry), entry.location());
    }

    private void compare(long mark, String location) {
      if (!again.has(mark)) {
        failures.add(
            location,
            new Storage.ChangedException(
                location, "was added or changed while the model was read"));
      }
    }

    /** What cannot be read or has changed is missing too, and was named; the rest has vanished. */
    void end() {
      int vanished = again.missing() - failures.count();
      if (vanished > 0) {
        failures.add(
            location(),
            new Storage.ChangedException(
                location(),
                vanished
                    + (vanished == 1 ? " entry has" : " entries have")
                    + " vanished while the model was read"));
      }
    }

    @Override
    public void leftOut(UncoveredEntry entry) {}

    @Override
    public void finding(Finding finding) {}
  }
}
