package dev.modelsigning.spark;

import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source of which something is changed when it has listed so many files, which are hashed after
 * that.
 *
 * @param files the number of files
 * @param source the source
 * @param change the change
 */
record ChangingSource(int files, ModelSource source, Change change) implements ModelSource {

  /** A change. */
  @FunctionalInterface
  interface Change {
    void make() throws IOException;
  }

  static ModelSource after(int files, ModelSource source, Change change) {
    return new ChangingSource(files, source, change);
  }

  @Override
  public String name() throws IOException {
    return source.name();
  }

  @Override
  public String location() {
    return source.location();
  }

  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    return source.nameOf(file);
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    AtomicInteger asked = new AtomicInteger();
    Listing watched =
        (Listing)
            Proxy.newProxyInstance(
                Listing.class.getClassLoader(),
                new Class<?>[] {Listing.class},
                (proxy, method, arguments) -> {
                  Object result;
                  try {
                    result = method.invoke(listing, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                  if (method.getName().equals("wants") && asked.incrementAndGet() == files) {
                    change.make();
                  }
                  return result;
                });
    source.list(selection, hashing, watched);
  }
}
