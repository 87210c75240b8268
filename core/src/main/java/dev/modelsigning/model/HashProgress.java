package dev.modelsigning.model;

/** Is told how far hashing has come. Methods are called by several threads at once. */
public interface HashProgress {

  /** Takes no notice. */
  HashProgress NONE =
      new HashProgress() {
        @Override
        public void started(long files, long bytes) {}

        @Override
        public void hashed(long bytes) {}

        @Override
        public void ended() {}
      };

  /**
   * Hashing begins.
   *
   * @param files number of files that are known by now; directories are hashed as they are found
   * @param bytes their length in bytes, together
   */
  void started(long files, long bytes);

  /**
   * Files were found that are to be hashed.
   *
   * @param files their number, since the last call
   * @param bytes their length in bytes, together
   */
  default void found(long files, long bytes) {}

  /**
   * Some bytes were hashed.
   *
   * @param bytes their number, since the last call
   */
  void hashed(long bytes);

  /**
   * Some files were hashed to their end; of those whose bytes are told, some are not finished yet.
   *
   * @param files their number, since the last call
   */
  default void finished(long files) {}

  /** Hashing is over, whether it succeeded or not. */
  void ended();
}
