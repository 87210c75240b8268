package dev.modelsigning.s3;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Failed;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A model in an object store: the objects below a prefix, or a single one. Names of files are the
 * rest of the keys, as they are. It is listed in pages, and its objects are read in the versions
 * that were listed; at the end it is listed again, so that an object that was added, changed or
 * deleted meanwhile is a failure that names it. Memory depends neither on the number nor on the
 * size of objects, except for eight bytes for each.
 */
public final class S3Model implements ModelSource, AutoCloseable {

  private static final int PAGE = 1000;

  /** More objects than any model has; a list that goes on longer has no end. */
  private static final long MAX_OBJECTS = 20_000_000;

  /** How many pages of a list may be empty, one after the other: S3 permits some. */
  private static final int MAX_EMPTY_PAGES = 1000;

  /** How many objects are read together: enough for many streams, as a store answers late. */
  private static final int TOGETHER = 4000;

  /** How many pages are listed to find signatures, at most. */
  private static final int MAX_PAGES = 20;

  private final S3Store store;
  private final S3Reference reference;
  private final Optional<S3Object> single;
  private final boolean trustsChecksums;
  private final Map<Path, S3Reference> copies = new HashMap<>();

  private S3Model(
      S3Store store, S3Reference reference, Optional<S3Object> single, boolean trustsChecksums) {
    this.store = store;
    this.reference = reference;
    this.single = single;
    this.trustsChecksums = trustsChecksums;
  }

  /**
   * Finds a model.
   *
   * @param reference the prefix of its objects, or its only one
   * @throws IOException if there is none, or that cannot be found out; the message names it
   */
  public static S3Model open(S3Reference reference, S3Options options) throws IOException {
    S3Store store = S3Store.of(reference.bucket(), options);
    try {
      // First, as the refusal of a list says why, and that of the other request does not.
      boolean below = isAnythingBelow(store, reference);
      Optional<S3Object> object =
          reference.directory() ? Optional.empty() : find(store, reference, below);
      if (object.isPresent() && below) {
        throw new FileSystemException(
            reference.toString(),
            null,
            "is an object, and there are others below it; to name only those, write "
                + reference
                + "/");
      }
      if (object.isEmpty() && !below) {
        throw new NoSuchFileException(
            reference.toString(),
            null,
            "there is no object with this key, and none below it, at " + store.shown());
      }
      return new S3Model(store, reference, object, options.trustStoredChecksums());
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static boolean isAnythingBelow(S3Store store, S3Reference reference) throws IOException {
    Optional<String> from = Optional.empty();
    for (int pages = 0; pages < MAX_EMPTY_PAGES; pages++) {
      S3Store.Page page = store.list(reference.prefix(), reference.prefix().length(), from, 1);
      from = page.next();
      if (!page.isEmpty() || from.isEmpty()) {
        return !page.isEmpty();
      }
    }
    throw endless(store, reference, "has nothing on " + MAX_EMPTY_PAGES + " pages");
  }

  private static Optional<S3Object> find(S3Store store, S3Reference reference, boolean below)
      throws IOException {
    try {
      return store.find(reference.key());
    } catch (FileSystemException e) {
      if (!below) {
        throw e;
      }
      FileSystemException failure =
          new FileSystemException(
              e.getFile(),
              null,
              e.getReason() + "; if the objects below it are meant, write " + reference + "/");
      failure.initCause(e);
      throw failure;
    }
  }

  private static FileSystemException endless(S3Store store, S3Reference reference, String why) {
    return new FileSystemException(
        reference.toString(),
        null,
        "the list of " + store.shown() + " " + why + "; is the address that of the store?");
  }

  /** The reference by which the model was opened. */
  public S3Reference reference() {
    return reference;
  }

  /** The address of the store, if it was named by the user or the environment. */
  public Optional<URI> namedEndpoint() {
    return store.named();
  }

  /**
   * Says that a file is the local copy of an object, which may lie in the model: its signature.
   *
   * @param file the copy
   * @param object the object
   */
  public void localCopy(Path file, S3Reference object) {
    synchronized (copies) {
      copies.put(file.toAbsolutePath().normalize(), object);
    }
  }

  @Override
  public Optional<String> nameOf(Path file) {
    S3Reference object;
    synchronized (copies) {
      object = copies.get(file.toAbsolutePath().normalize());
    }
    return object == null ? Optional.empty() : nameOf(object);
  }

  /** The name that an object has or would have in the model; empty if it does not lie in it. */
  public Optional<String> nameOf(S3Reference object) {
    return single.isEmpty()
            && object.bucket().equals(reference.bucket())
            && object.key().startsWith(reference.prefix())
        ? Optional.of(object.key().substring(reference.prefix().length()))
        : Optional.empty();
  }

  /** Whether it is a single object. */
  public boolean isSingle() {
    return single.isPresent();
  }

  /**
   * Finds objects directly in the model, and then those directly beside it, such as signatures.
   *
   * @param meant whether an object with this name is meant
   * @param most the greatest number of objects to return for each of both
   * @throws IOException if they cannot be listed, or are more
   */
  public List<S3Reference> around(Predicate<String> meant, int most) throws IOException {
    List<S3Reference> found = new ArrayList<>();
    if (single.isEmpty()) {
      find(reference.prefix(), meant, most, found);
    }
    if (!reference.key().isEmpty()) {
      String above = reference.key().substring(0, reference.key().lastIndexOf('/') + 1);
      find(above, meant, most, found);
    }
    return found;
  }

  private void find(String prefix, Predicate<String> meant, int most, List<S3Reference> found)
      throws IOException {
    int before = found.size();
    Optional<String> from = Optional.empty();
    for (int page = 0; page == 0 || from.isPresent(); page++) {
      if (page == MAX_PAGES) {
        throw tooMany(prefix);
      }
      S3Store.Page next = store.listDirectly(prefix, from);
      for (S3Object object : next.objects()) {
        if (meant.test(object.name()) && CanonicalPath.problem(object.key()) == null) {
          if (found.size() - before == most) {
            throw tooMany(prefix);
          }
          found.add(new S3Reference(reference.bucket(), object.key(), false));
        }
      }
      from = next.next();
    }
  }

  private FileSystemException tooMany(String prefix) {
    return new FileSystemException(
        store.locate(prefix),
        null,
        "has too many objects to look for signatures and claims; name those of the model with"
            + " --signature and --claims");
  }

  /** The last component of the prefix or the key, or the bucket. */
  @Override
  public String name() {
    return reference.name();
  }

  /** The reference, with the address of the store if that was named. */
  @Override
  public String location() {
    return reference + store.named().map(address -> " at " + address).orElse("");
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    store
        .named()
        .ifPresent(address ->
            listing.finding(
                Finding.of(
                    S3Rules.STORE_NAMED, "the objects were read from the store at " + address)));
    if (single.isPresent()) {
      listing.singleFile();
      pass(List.of(single.get()), hashing, listing);
      return;
    }
    if (hashing.isEmpty()) {
      for (Pages pages = new Pages(); pages.hasNext(); ) {
        pass(pages.next().objects(), hashing, listing);
      }
      return;
    }
    Survey survey = survey();
    survey.tell(listing);
    if (survey.only.isPresent()) {
      pass(survey.only.get(), hashing, listing);
    } else {
      Marks.Again again = survey.marks.again();
      List<S3Object> objects = new ArrayList<>();
      for (Pages pages = new Pages(); pages.hasNext(); ) {
        S3Store.Page page = pages.next();
        requireSame(page.objects(), again);
        objects.addAll(page.objects());
        if (objects.size() >= TOGETHER || !pages.hasNext()) {
          pass(objects, hashing, listing);
          objects.clear();
        }
      }
      again.requireEnd(location());
    }
    Marks.Again again = survey.marks.again();
    for (Pages pages = new Pages(); pages.hasNext(); ) {
      requireSame(pages.next().objects(), again);
    }
    again.requireEnd(location());
  }

  private static void requireSame(List<S3Object> objects, Marks.Again again)
      throws FileSystemException {
    for (S3Object object : objects) {
      again.require(object);
    }
  }

  /** The pages of a list; the next one is asked for when it is needed. */
  private final class Pages {
    private Optional<String> from = Optional.empty();
    private boolean ended;
    private long objects;
    private int empty;

    boolean hasNext() {
      return !ended;
    }

    S3Store.Page next() throws IOException {
      S3Store.Page page = store.list(reference.prefix(), reference.prefix().length(), from, PAGE);
      from = page.next();
      ended = from.isEmpty();
      objects += page.objects().size() + page.directories().size();
      empty = page.isEmpty() ? empty + 1 : 0;
      if (objects > MAX_OBJECTS) {
        throw endless(store, reference, "has more than " + MAX_OBJECTS + " objects");
      }
      if (empty == MAX_EMPTY_PAGES) {
        throw endless(store, reference, "has nothing on " + MAX_EMPTY_PAGES + " pages");
      }
      return page;
    }
  }

  /** What there is, before anything is read. */
  private final class Survey {
    private final Marks marks = new Marks();
    private long directories;
    private Optional<String> firstDirectory = Optional.empty();

    /** The objects, if they are on a single page. */
    private Optional<List<S3Object>> only = Optional.empty();

    private void add(S3Store.Page page) {
      page.objects().forEach(marks::add);
      for (String key : page.directories()) {
        if (!key.equals(reference.prefix())) {
          directories++;
          firstDirectory = firstDirectory.or(() -> Optional.of(store.locate(key)));
        }
      }
    }

    private void tell(Listing listing) {
      firstDirectory.ifPresent(first ->
          listing.finding(
              Finding.of(
                  S3Rules.DIRECTORY_OBJECTS,
                  directories
                      + (directories == 1 ? " object stands" : " objects stand")
                      + " for directories, and "
                      + (directories == 1 ? "is no file" : "are no files")
                      + " of the model; the first is "
                      + first)));
    }
  }

  private Survey survey() throws IOException {
    Survey survey = new Survey();
    boolean first = true;
    for (Pages pages = new Pages(); pages.hasNext(); first = false) {
      S3Store.Page page = pages.next();
      survey.add(page);
      survey.only = first && !pages.hasNext() ? Optional.of(page.objects()) : Optional.empty();
    }
    return survey;
  }

  /** Passes objects on, or the digests of them. */
  private void pass(List<S3Object> objects, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    List<S3Object> wanted = new ArrayList<>();
    for (S3Object object : objects) {
      if (listing.wants(object)) {
        wanted.add(object);
      }
    }
    if (hashing.isEmpty()) {
      for (S3Object object : wanted) {
        listing.file(object);
      }
      return;
    }
    List<S3Object> unread =
        trustsChecksums && isStored(hashing.get())
            ? withoutStored(wanted, hashing.get(), listing)
            : wanted;
    try {
      LocalDigester.INSTANCE.digest(unread, hashing.get(), outcome -> take(outcome, listing));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void take(HashOutcome outcome, Listing listing) {
    try {
      if (outcome instanceof Failed failed) {
        throw failed.failure();
      }
      listing.hashed((Hashed) outcome);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether stores may have the digests that are wanted. */
  private static boolean isStored(Hashing hashing) {
    return hashing.algorithm() == HashAlgorithm.SHA256 && hashing.shardSize().isEmpty();
  }

  /** Passes on the digests that the store has, and returns the other objects. */
  private List<S3Object> withoutStored(List<S3Object> objects, Hashing hashing, Listing listing)
      throws IOException {
    List<S3Object> others = new ArrayList<>();
    try (StoredChecksums checksums = new StoredChecksums(store, objects, hashing.parallelism())) {
      for (S3Object object : objects) {
        Optional<byte[]> digest = checksums.next();
        if (digest.isPresent()) {
          hashing.progress().hashed(object.size());
          hashing.progress().finished(1);
          listing.hashed(new Hashed(object, List.of(digest.get()), Evidence.STORED_CHECKSUM));
        } else {
          others.add(object);
        }
      }
    }
    return others;
  }

  /** Leaves the store. */
  @Override
  public void close() {
    store.close();
  }
}
