"""`/storage/v1`: buckets and objects over HTTP; rows decide, the object store keeps the bytes."""
