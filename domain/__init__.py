"""What the business does; knows nothing of GraphQL, HTTP or queues."""
